public import Authorization
public import PKIX
internal import SwiftASN1
internal import X509

extension IssuanceRequest {
    /// The condition keys of the future certificate. Subject, names and key are read from the same sources as
    /// issuance reads them, so the certificate cannot differ from them. A request that will be refused for
    /// its contents has none of these keys.
    public func conditionContext(at now: CivilTime) -> ConditionContext {
        var context = ConditionContext()
        context.set("acm-pca:TemplateArn", templateARN)
        if let days = validityDays(at: now) { context.set("signet:ValidityDays", "\(days)") }
        guard case .success(let template) = template else { return context }
        context.set("signet:IsCA", "\(template.role != .endEntity)")
        guard case .success(let csr) = certificationRequest, case .success(let content) = content else {
            return context
        }
        context.set(key: csr.publicKey)
        context.set("signet:Subject", content.subjectText)
        context.set(subject: content.subjectName)
        context.set(names: content.alternativeNames, of: content.subjectName)
        return context
    }

    /// The days from the beginning to the end, rounded up. Nil when the end is not a valid time.
    private func validityDays(at now: CivilTime) -> Int64? {
        guard let end = validity.end(from: now) else { return nil }
        let start = min(
            notBefore?.end(from: now)?.secondsSinceEpoch ?? now.secondsSinceEpoch, now.secondsSinceEpoch)
        let seconds = end.secondsSinceEpoch - start
        return seconds <= 0 ? 0 : (seconds + 86_399) / 86_400
    }
}

extension ConditionContext {
    /// Adds the missing keys of a certificate's subject and names without a value, because the log has only
    /// keys with a value. A request whose certificate could not be determined has none of them.
    public mutating func addNamesWithoutValue() {
        guard self["signet:Subject"] != nil else { return }
        for key in Self.subjectKeys.map(\.0) + NameKey.allCases.map(\.name) where self[key] == nil {
            self[key] = []
        }
    }

    fileprivate mutating func set(key: SubjectPublicKey) {
        set("signet:KeyAlgorithm", key.name)
        set("signet:KeySize", "\(key.bits)")
    }

    fileprivate mutating func set(subject: DistinguishedName) {
        for (key, type) in Self.subjectKeys {
            var values: [String] = []
            for attributes in subject {
                for attribute in attributes where attribute.type == type {
                    // A value that is not text is still a value, so that a condition does not miss it.
                    let text = attribute.value.textOrHexadecimal
                    values.append(type == .RDNAttributeType.commonName ? Self.commonName(text) : text)
                }
            }
            self[key] = values
        }
    }

    private static let subjectKeys: [(String, ASN1ObjectIdentifier)] = [
        ("signet:SubjectCommonName", .RDNAttributeType.commonName),
        ("signet:SubjectCountry", .RDNAttributeType.countryName),
        ("signet:SubjectState", .RDNAttributeType.stateOrProvinceName),
        ("signet:SubjectLocality", .RDNAttributeType.localityName),
        ("signet:SubjectOrganization", .RDNAttributeType.organizationName),
        ("signet:SubjectOrganizationalUnit", .RDNAttributeType.organizationalUnitName),
        // X.520, section 6.2.9
        ("signet:SubjectSerialNumber", [2, 5, 4, 5]),
    ].map { ($0.0.lowercased(), $0.1) }

    fileprivate mutating func set(names: [GeneralName], of subject: DistinguishedName) {
        var values = [[String]](repeating: [], count: NameKey.allCases.count)
        for name in names {
            let (key, value): (NameKey, String) =
                switch name {
                // RFC 4343: without regard to case.
                case .dnsName(let text): (.dnsNames, Self.lowercased(text.utf8))
                case .ipAddress(let octets): (.ipAddresses, IPAddress.text(octets.bytes))
                case .rfc822Name(let text): (.emailAddresses, Self.mailbox(text))
                case .uniformResourceIdentifier(let text): (.uris, Self.uri(text))
                case .directoryName(let name): (.directoryNames, name.rfc4514)
                case .registeredID(let oid): (.registeredIDs, oid.dotted)
                case .otherName(let other): (.otherNames, other.typedValue)
                case .x400Address(let value): (.otherNames, "x400Address;\(GeneralName.valueText(value))")
                case .ediPartyName(let value): (.otherNames, "ediPartyName;\(GeneralName.valueText(value))")
                }
            values[key.rawValue].append(value)
        }
        // Relying parties treat it as an email address (RFC 5280, section 4.1.2.6).
        for attributes in subject {
            for attribute in attributes where attribute.type == .RDNAttributeType.emailAddress {
                values[NameKey.emailAddresses.rawValue].append(
                    Self.mailbox(attribute.value.textOrHexadecimal))
            }
        }
        for key in NameKey.allCases { self[key.name] = values[key.rawValue] }
    }

    /// The keys of alternative names. Each is always present, with or without values.
    private enum NameKey: Int, CaseIterable {
        case dnsNames, ipAddresses, emailAddresses, uris, directoryNames, registeredIDs, otherNames

        /// In lower case.
        var name: String {
            switch self {
            case .dnsNames: "signet:dnsnames"
            case .ipAddresses: "signet:ipaddresses"
            case .emailAddresses: "signet:emailaddresses"
            case .uris: "signet:uris"
            case .directoryNames: "signet:directorynames"
            case .registeredIDs: "signet:registeredids"
            case .otherNames: "signet:othernames"
            }
        }
    }

    private static func commonName(_ text: String) -> String {
        isHost(commonName: text) ? text.lowercased() : text
    }

    private static func lowercased(_ text: some Collection<UInt8>) -> String {
        String(decoding: asciiLowercased(text), as: UTF8.self)
    }

    /// The address with its host in lower case (RFC 5280, section 7.5).
    private static func mailbox(_ text: String) -> String {
        let host = NameSyntax.domain(ofMailbox: text)
        guard host.startIndex != text.utf8.startIndex else { return text }
        return String(text[..<host.startIndex]) + lowercased(host)
    }

    /// The URI with scheme and authority in lower case (RFC 3986, section 6.2.2.1).
    private static func uri(_ text: String) -> String {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return text }
        let rest = text.utf8[colon...]
        var end = colon
        if rest.starts(with: "://".utf8) {
            end = rest.dropFirst(3).firstIndex { "/?#".utf8.contains($0) } ?? text.utf8.endIndex
        }
        return lowercased(text.utf8[..<end]) + String(text[end...])
    }
}
