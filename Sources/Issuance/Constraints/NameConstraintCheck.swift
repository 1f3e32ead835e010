internal import PKIX
internal import SwiftASN1
internal import X509

/// A name that the constraints above forbid.
public struct NameConstraintViolation: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        case notPermitted
        case excluded
        /// There are more names than can be held against the subtrees in reasonable time.
        case tooMany
    }

    /// Such as `DNS name`.
    public let form: String
    public let kind: Kind
    public let name: String

    /// The first sentence is AWS Private CA's own (User Guide, "Logging with CloudTrail").
    public var description: String {
        switch kind {
        case .notPermitted:
            "Name Constraints violation: \(form) not found in a permitted subtree. (`\(name)`)"
        case .excluded: "Name Constraints violation: \(form) found in an excluded subtree. (`\(name)`)"
        case .tooMany: "Name Constraints violation: \(form): \(name)"
        }
    }
}

/// One certificate's name constraints, held against the names of a certificate below it (RFC 5280, sections 4.2.1.10 and
/// 6.1.3 (b) and (c)).
struct NameConstraintCheck {
    private let constraints: NameConstraints

    init(_ constraints: NameConstraints) { self.constraints = constraints }

    func violation(subject: DistinguishedName, alternativeNames: [GeneralName]) -> NameConstraintViolation? {
        for name in alternativeNames + implicitNames(subject, alternativeNames) {
            if let violation = violation(name) { return violation }
        }
        return nil
    }

    // The subject is a directory name, and holds what relying parties look for elsewhere too: an address (OpenSSL always
    // looks), and, where no alternative name says a host, a host in the common name. An SmtpUTF8Mailbox is a mailbox (RFC
    // 9598, section 6).
    private func implicitNames(
        _ subject: DistinguishedName, _ names: [GeneralName]
    ) -> [GeneralName] {
        var implicit: [GeneralName] = subject.isEmpty ? [] : [.directoryName(subject)]
        let hasHost = names.contains {
            switch $0 {
            case .dnsName, .ipAddress: true
            default: false
            }
        }
        for attribute in subject.flatMap({ Array($0) }) {
            guard let text = String(attribute.value) else { continue }
            if attribute.type == .RDNAttributeType.emailAddress { implicit.append(.rfc822Name(text)) }
            if attribute.type == .RDNAttributeType.commonName, !hasHost,
                let host = NameSyntax.host(inCommonName: text)
            {
                implicit.append(host)
            }
        }
        for case .otherName(let name) in names where name.typeID == [1, 3, 6, 1, 5, 5, 7, 8, 9] {
            let text = name.value.flatMap { try? ASN1UTF8String(asn1Any: $0) }.map { String($0) }
            // One that does not parse is in no subtree that is permitted.
            implicit.append(.rfc822Name(text ?? ""))
        }
        return implicit
    }

    private func violation(_ name: GeneralName) -> NameConstraintViolation? {
        if constraints.excludedSubtrees.contains(where: { Self.isMatch(name, $0, isExclusion: true) }) {
            return NameConstraintViolation(form: Self.form(name), kind: .excluded, name: name.text)
        }
        let permitted = constraints.permittedSubtrees.filter { Self.isSameForm(name, $0) }
        guard !permitted.isEmpty,
            !permitted.contains(where: { Self.isMatch(name, $0, isExclusion: false) })
        else { return nil }
        return NameConstraintViolation(form: Self.form(name), kind: .notPermitted, name: name.text)
    }

    private static func isSameForm(_ name: GeneralName, _ subtree: GeneralName) -> Bool {
        form(name) == form(subtree)
    }

    private static func isMatch(_ name: GeneralName, _ subtree: GeneralName, isExclusion: Bool) -> Bool {
        switch (name, subtree) {
        case (.dnsName(let name), .dnsName(let base)):
            DNSSubtree(base).contains(name, anyOfWildcard: isExclusion)
        case (.rfc822Name(let name), .rfc822Name(let base)): MailboxSubtree(base).contains(name)
        case (.uniformResourceIdentifier(let name), .uniformResourceIdentifier(let base)):
            // RFC 5280, section 4.2.1.10: a URI without a host name is refused where URIs are constrained.
            NameSyntax.host(ofURI: name).map { HostSubtree(base).contains($0) } ?? isExclusion
        case (.ipAddress(let name), .ipAddress(let base)): IPAddress.isInside(name.bytes, range: base.bytes)
        case (.directoryName(let name), .directoryName(let base)):
            DirectorySubtree(base).contains(name) ?? isExclusion
        // Forms whose subtrees nobody defined: a name of such a form is in none that is permitted, and in every one that
        // is excluded.
        default: isExclusion && isSameForm(name, subtree)
        }
    }

    private static func form(_ name: GeneralName) -> String {
        switch name {
        case .dnsName: "DNS name"
        case .rfc822Name: "email address"
        case .uniformResourceIdentifier: "URI"
        case .ipAddress: "IP address"
        case .directoryName: "directory name"
        case .otherName: "other name"
        case .registeredID: "registered ID"
        case .x400Address: "X.400 address"
        case .ediPartyName: "EDI party name"
        }
    }
}
