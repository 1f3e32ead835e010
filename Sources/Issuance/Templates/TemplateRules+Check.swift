internal import PKIX
internal import SwiftASN1
internal import X509

extension TemplateRules {
    /// The limit for certificates issued at `now`, in days; nil for none.
    func longestValidity(at now: CivilTime) -> Int64? {
        longestValidities.last { $0.from <= now.secondsSinceEpoch }?.days
    }

    /// The violation of a rule by the certificate; nil when there is none.
    func violation(
        subject: DistinguishedName, names: [GeneralName], key: SubjectPublicKey
    ) -> String? {
        if let keys, !(SubjectKeyKind(key).map(keys.contains) ?? false) {
            return
                "the key is not one of \(SubjectKeyKind.allCases.filter(keys.contains).map(\.rawValue).joined(separator: ", "))"
        }
        return (self.subject.isFree ? nil : self.subject.violation(subject))
            ?? (self.names.isFree ? nil : self.names.violation(names, subject))
    }
}

extension TemplateRules.SubjectRule {
    fileprivate var isFree: Bool { required.isEmpty && allowed == nil && values.isEmpty }

    fileprivate func violation(_ name: DistinguishedName) -> String? {
        let attributes = name.flatMap { Array($0) }
        let present = Set(attributes.map(\.type))
        if let missing = required.subtracting(present).min(by: { "\($0)" < "\($1)" }) {
            return "the subject lacks the attribute \(AttributeName.name(missing))"
        }
        for attribute in attributes {
            if let allowed, !allowed.contains(attribute.type) {
                return "the subject has the attribute \(AttributeName.name(attribute.type))"
            }
            // Compared octet for octet, because texts that only look alike are different.
            if let value = values[attribute.type],
                attribute.value.text.map({ $0.utf8.elementsEqual(value.utf8) }) != true
            {
                return "the subject's \(AttributeName.name(attribute.type)) is not `\(value)`"
            }
        }
        return nil
    }
}

extension TemplateRules.NamesRule {
    fileprivate var isFree: Bool { !isRequired && most == nil && patterns == nil && allowsWildcards }

    fileprivate func violation(_ names: [GeneralName], _ subject: DistinguishedName) -> String? {
        if isRequired, names.isEmpty { return "there is no subject alternative name" }
        if let most, names.count > most { return "there are more than \(most) subject alternative names" }
        for case .dnsName(let name) in names
        where name.utf8.first == UInt8(ascii: "*") && !allowsWildcards {
            return "the name \(name) is a wildcard"
        }
        // A common name that relying parties might read as a host or an address counts as one.
        let implied = ConstrainedNames(subject: subject, alternativeNames: names)
        if !allowsWildcards {
            for case (.host(let host), _) in implied.commonNames where host.utf8.first == UInt8(ascii: "*") {
                return "the common name \(host) is a wildcard"
            }
        }
        guard let patterns else { return nil }
        for (name, text) in implied.commonNames {
            if let problem = violation(name, text, implied, patterns) { return problem }
        }
        let mailboxes = subject.flatMap { Array($0) }
            .filter { $0.type == .RDNAttributeType.emailAddress }
            .map { GeneralName.rfc822Name($0.value.text ?? "") }
        return (names + mailboxes).lazy.compactMap { name in
            matches(name, patterns) ? nil : "the name \(name.text) is not one it allows"
        }.first
    }

    /// A common name must be an allowed name or clearly not a host.
    private func violation(
        _ name: CommonNameForm, _ text: String, _ names: ConstrainedNames,
        _ patterns: [TemplateRules.Form: [String]]
    ) -> String? {
        let isAllowed =
            switch name {
            case .noHost: true
            case .host(let host):
                matches(.dnsName(host), patterns)
                    || (names.hasDNSName && !host.utf8.contains(UInt8(ascii: ".")))
            case .address(let octets, _): matches(.ipAddress(octets), patterns)
            case .unclear(let resemblesHost):
                names.isAlternativeName(text) || (names.hasDNSName && !resemblesHost)
            }
        if isAllowed { return nil }
        if case .unclear = name {
            return
                "the common name `\(text)` is no name it allows and could be taken for a host; use letters, digits and blanks"
        }
        return "the name \(text) is not one it allows"
    }

    private func matches(_ name: GeneralName, _ patterns: [TemplateRules.Form: [String]]) -> Bool {
        switch name {
        case .dnsName(let text):
            let lowercased = String(decoding: asciiLowercased(text.utf8), as: UTF8.self)
            return patterns[.dns, default: []].contains {
                LabelPattern(pattern: $0.lowercased(), stopping: ".").matches(lowercased)
            }
        case .rfc822Name(let text):
            return patterns[.email, default: []].contains {
                LabelPattern(pattern: $0, stopping: "@").matches(text)
            }
        case .uniformResourceIdentifier(let text):
            return patterns[.uri, default: []].contains {
                LabelPattern(pattern: $0, stopping: "/?#@:").matches(text)
            }
        case .ipAddress(let octets):
            return patterns[.ip, default: []].contains { range in
                IPAddress.range(range).map { IPAddress.isInside(octets.bytes, range: $0) } ?? false
            }
        default: return false
        }
    }
}

extension SubjectKeyKind {
    /// Nil for a kind that is not listed, such as RSA with another length.
    init?(_ key: SubjectPublicKey) { self.init(rawValue: key.name) }
}
