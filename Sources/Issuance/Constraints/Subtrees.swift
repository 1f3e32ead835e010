internal import PKIX
internal import SwiftASN1
internal import X509

// Each form of name has its own idea of what lies below a name (RFC 5280, section 4.2.1.10).

/// A domain and everything below it. A leading dot, which RFC 5280 does not have for this form and many use, leaves the
/// domain itself out.
struct DNSSubtree {
    private let base: String
    private let includesItself: Bool

    init(_ base: String) {
        includesItself = !base.hasPrefix(".")
        self.base = (includesItself ? base : String(base.dropFirst())).lowercased()
    }

    /// - Parameter anyOfWildcard: a wildcard counts when any of the names it stands for does
    func contains(_ name: String, anyOfWildcard: Bool) -> Bool {
        let name = name.lowercased()
        if base.isEmpty { return true }
        if name == base { return includesItself }
        if name.hasSuffix("." + base) { return true }
        guard anyOfWildcard, name.hasPrefix("*.") else { return false }
        // `*.example.com` stands for `a.example.com`, and the parent of the base is then what follows the star.
        guard let dot = base.firstIndex(of: ".") else { return false }
        return includesItself && base[base.index(after: dot)...] == name.dropFirst(2)
    }
}

/// One host, or with a leading dot every host below a domain.
struct HostSubtree {
    private let base: String

    init(_ base: String) { self.base = base.lowercased() }

    func contains(_ host: String) -> Bool {
        let host = host.lowercased()
        if base.isEmpty { return true }
        return base.hasPrefix(".") ? host.hasSuffix(base) : host == base
    }
}

/// One mailbox, the mailboxes of one host, or with a leading dot those of every host below a domain.
struct MailboxSubtree {
    private let base: String

    init(_ base: String) { self.base = base }

    func contains(_ mailbox: String) -> Bool {
        guard let at = mailbox.lastIndex(of: "@") else { return base.isEmpty }
        let host = String(mailbox[mailbox.index(after: at)...])
        guard let baseAt = base.lastIndex(of: "@") else { return HostSubtree(base).contains(host) }
        // RFC 5280, section 7.5: the local part as it is written, the host without regard to case.
        return base[..<baseAt] == mailbox[..<at]
            && base[base.index(after: baseAt)...].lowercased() == host.lowercased()
    }
}

/// All names that begin with these relative distinguished names, compared as RFC 5280, section 7.1, says: without regard
/// to case and to how many blanks there are.
struct DirectorySubtree {
    private let base: [Set<Attribute>]?

    init(_ base: DistinguishedName) { self.base = Self.parts(base) }

    /// Nil when one of the names is in an encoding that cannot be compared.
    func contains(_ name: DistinguishedName) -> Bool? {
        guard let base, let parts = Self.parts(name) else { return nil }
        return parts.count >= base.count && parts.prefix(base.count).elementsEqual(base)
    }

    private struct Attribute: Hashable {
        let type: ASN1ObjectIdentifier
        let value: String
    }

    private static func parts(_ name: DistinguishedName) -> [Set<Attribute>]? {
        var parts: [Set<Attribute>] = []
        for part in name {
            var attributes: Set<Attribute> = []
            for attribute in part {
                guard let text = String(attribute.value) else { return nil }
                let words = text.lowercased().split(whereSeparator: \.isWhitespace)
                attributes.insert(Attribute(type: attribute.type, value: words.joined(separator: " ")))
            }
            parts.append(attributes)
        }
        return parts
    }
}
