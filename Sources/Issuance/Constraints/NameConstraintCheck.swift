internal import PKIX
internal import SwiftASN1
internal import X509

/// A name that the constraints above forbid.
public struct NameConstraintViolation: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        case notPermitted
        case excluded
        /// A common name that is neither clearly a host nor clearly none, where hosts are constrained.
        case unclear
        /// Comparing the names with the subtrees would take too long.
        case tooMany
    }

    /// Such as `DNS name`.
    public let form: String
    public let kind: Kind
    public let name: String

    /// The first sentence is that of AWS Private CA (User Guide, "Logging with CloudTrail").
    public var description: String {
        switch kind {
        case .notPermitted:
            "Name Constraints violation: \(form) not found in a permitted subtree. (`\(name)`)"
        case .excluded: "Name Constraints violation: \(form) found in an excluded subtree. (`\(name)`)"
        case .unclear:
            "Name Constraints violation: \(form) is no DNS name and could be taken for one; "
                + "use letters, digits and blanks, or one of the names. (`\(name)`)"
        case .tooMany: "Name Constraints violation: \(form): \(name)"
        }
    }
}

/// One certificate's name constraints, prepared to be compared with the names of certificates below it (RFC
/// 5280, sections 4.2.1.10 and 6.1.3 (b) and (c)).
struct NameConstraintCheck: Sendable {
    private let permitted: [NameForm: [Subtree]]
    private let excluded: [NameForm: [Subtree]]
    let subtreeCount: Int
    private let constrainsHosts: Bool

    init(_ constraints: NameConstraints) {
        permitted = Dictionary(
            grouping: constraints.permittedSubtrees.map { (NameForm($0), Subtree($0)) }, by: \.0
        ).mapValues { $0.map(\.1) }
        excluded = Dictionary(
            grouping: constraints.excludedSubtrees.map { (NameForm($0), Subtree($0)) }, by: \.0
        ).mapValues { $0.map(\.1) }
        subtreeCount = constraints.permittedSubtrees.count + constraints.excludedSubtrees.count
        constrainsHosts = (constraints.permittedSubtrees + constraints.excludedSubtrees).contains {
            [.dns, .ip].contains(NameForm($0))
        }
    }

    func violation(subject: DistinguishedName, alternativeNames: [GeneralName]) -> NameConstraintViolation? {
        violation(ConstrainedNames(subject: subject, alternativeNames: alternativeNames))
    }

    func violation(_ names: ConstrainedNames) -> NameConstraintViolation? {
        names.names.lazy.compactMap { violation($0) }.first
            ?? (constrainsHosts ? names.commonNames.lazy.compactMap { violation($0, names) }.first : nil)
    }

    private func violation(_ name: ConstrainedName) -> NameConstraintViolation? {
        if excluded[name.form, default: []].contains(where: { $0.contains(name, isExclusion: true) }) {
            return NameConstraintViolation(form: name.form.rawValue, kind: .excluded, name: name.text)
        }
        guard let permitted = permitted[name.form],
            !permitted.contains(where: { $0.contains(name, isExclusion: false) })
        else { return nil }
        return NameConstraintViolation(form: name.form.rawValue, kind: .notPermitted, name: name.text)
    }

    /// OpenSSL compares a common name with DNS subtrees, an address in dotted form too, where there is no DNS
    /// name. With a DNS name relying parties ignore it, unless it resembles a host.
    private func violation(
        _ entry: (name: CommonNameForm, text: String), _ names: ConstrainedNames
    ) -> NameConstraintViolation? {
        switch entry.name {
        case .noHost: return nil
        case .host(let host):
            if names.hasDNSName, !host.utf8.contains(UInt8(ascii: ".")) { return nil }
            return violation(ConstrainedName(.dnsName(host)))
        case .address(let octets, let text):
            return violation(ConstrainedName(.ipAddress(octets)))
                ?? (names.hasDNSName ? nil : violation(ConstrainedName(.dnsName(text))))
        case .unclear(let resemblesHost):
            // The constraints are applied to it among the alternative names.
            if names.isAlternativeName(entry.text) || (names.hasDNSName && !resemblesHost) { return nil }
            return NameConstraintViolation(form: "common name", kind: .unclear, name: entry.text)
        }
    }
}

/// The forms of names as messages have them.
enum NameForm: String, Sendable {
    case dns = "DNS name"
    case email = "email address"
    case uri = "URI"
    case ip = "IP address"
    case directory = "directory name"
    case other = "other name"
    case registeredID = "registered ID"
    case x400 = "X.400 address"
    case ediParty = "EDI party name"

    init(_ name: GeneralName) {
        self =
            switch name {
            case .dnsName: .dns
            case .rfc822Name: .email
            case .uniformResourceIdentifier: .uri
            case .ipAddress: .ip
            case .directoryName: .directory
            case .otherName: .other
            case .registeredID: .registeredID
            case .x400Address: .x400
            case .ediPartyName: .ediParty
            }
    }
}

/// A subtree of any form.
private enum Subtree: Sendable {
    case dns(DNSSubtree)
    case mailbox(MailboxSubtree)
    case uri(HostSubtree)
    case ip([UInt8])
    case directory(DirectorySubtree)
    /// Forms without defined subtrees: a name of such a form is in no permitted subtree, and in every
    /// excluded one.
    case undefined

    init(_ base: GeneralName) {
        self =
            switch base {
            case .dnsName(let text): .dns(DNSSubtree(text))
            case .rfc822Name(let text): .mailbox(MailboxSubtree(text))
            case .uniformResourceIdentifier(let text): .uri(HostSubtree(text.utf8))
            case .ipAddress(let octets): .ip(Array(octets.bytes))
            case .directoryName(let name): .directory(DirectorySubtree(name))
            case .otherName, .registeredID, .x400Address, .ediPartyName: .undefined
            }
    }

    func contains(_ name: ConstrainedName, isExclusion: Bool) -> Bool {
        switch (self, name.value) {
        case (.dns(let base), .octets(let name)): base.contains(name, anyOfWildcard: isExclusion)
        case (.mailbox(let base), .mailbox(let name)): base.contains(name, isExclusion: isExclusion)
        // RFC 5280, section 4.2.1.10: a URI without a host name is refused where URIs are constrained.
        case (.uri(let base), .host(let name)): name.map { base.contains($0) } ?? isExclusion
        case (.ip(let range), .octets(let name)): IPAddress.isInside(name, range: range)
        case (.directory(let base), .directory(let name)): base.contains(name, isExclusion: isExclusion)
        default: isExclusion
        }
    }
}
