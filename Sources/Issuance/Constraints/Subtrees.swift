internal import PKIX
internal import SwiftASN1
internal import X509

// Each form of name has its own rule for names below a subtree (RFC 5280, section 4.2.1.10). All of them
// compare octets.

/// ASCII without regard to case (RFC 4343), octet for octet otherwise.
func asciiLowercased(_ text: some Collection<UInt8>) -> [UInt8] {
    text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
}

/// A domain and everything below it. A leading dot excludes the domain itself; RFC 5280 does not define it
/// for this form, but it is common.
struct DNSSubtree {
    private let base: [UInt8]
    private let includesItself: Bool

    init(_ base: String) {
        includesItself = base.utf8.first != UInt8(ascii: ".")
        self.base = asciiLowercased(includesItself ? base.utf8[...] : base.utf8.dropFirst())
    }

    /// - Parameters:
    ///   - name: in lower case
    ///   - anyOfWildcard: whether a wildcard is in the subtree when any name that it matches is
    func contains(_ name: [UInt8], anyOfWildcard: Bool) -> Bool {
        if base.isEmpty { return true }
        if name == base { return includesItself }
        if name.count > base.count, name.suffix(base.count).elementsEqual(base),
            name[name.count - base.count - 1] == UInt8(ascii: ".")
        {
            return true
        }
        guard anyOfWildcard, includesItself, name.starts(with: "*.".utf8) else { return false }
        // `*.example.com` matches `a.example.com`, so the base may be one label longer than the text after
        // `*.`.
        guard let dot = base.firstIndex(of: UInt8(ascii: ".")) else { return false }
        return base[dot...].elementsEqual(name.dropFirst(1))
    }
}

/// One host, or with a leading dot every host below a domain.
struct HostSubtree {
    private let base: [UInt8]

    init(_ base: some Collection<UInt8>) { self.base = asciiLowercased(base) }

    var isEmpty: Bool { base.isEmpty }

    /// - Parameter host: in lower case
    func contains(_ host: [UInt8]) -> Bool {
        if base.isEmpty { return true }
        return base.first == UInt8(ascii: ".")
            ? host.count > base.count && host.suffix(base.count).elementsEqual(base) : host == base
    }
}

/// One mailbox, the mailboxes of one host, or with a leading dot those of every host below a domain.
struct MailboxSubtree {
    /// Nil for no local part.
    private let localPart: [UInt8]?
    private let hosts: HostSubtree

    init(_ base: String) {
        let at = base.utf8.lastIndex(of: UInt8(ascii: "@"))
        localPart = at.map { Array(base.utf8[..<$0]) }
        hosts = HostSubtree(NameSyntax.domain(ofMailbox: base))
    }

    /// For permitted subtrees the local part is compared as written (RFC 5280, section 7.5). For excluded
    /// ones it is compared without regard to case, as in BoringSSL, because nearly every host treats both as
    /// the same mailbox. An empty subtree permits nothing, as in OpenSSL and BoringSSL, and excludes
    /// everything.
    func contains(_ mailbox: String, isExclusion: Bool) -> Bool {
        guard let at = mailbox.utf8.lastIndex(of: UInt8(ascii: "@")) else { return isExclusion }
        if hosts.isEmpty, !isExclusion { return false }
        guard hosts.contains(asciiLowercased(NameSyntax.domain(ofMailbox: mailbox))) else { return false }
        guard let localPart else { return true }
        let own = mailbox.utf8[..<at]
        return isExclusion
            ? asciiLowercased(localPart) == asciiLowercased(own) : localPart.elementsEqual(own)
    }
}

/// All names that begin with these relative distinguished names.
struct DirectorySubtree {
    private let base: ComparableName?

    init(_ base: DistinguishedName) { self.base = ComparableName(base) }

    /// A name is excluded if any relying party could treat it as below the subtree, and permitted only if
    /// every one does. A name or subtree that cannot be compared counts as excluded and not permitted.
    /// - Parameter name: nil for a name that cannot be compared
    func contains(_ name: ComparableName?, isExclusion: Bool) -> Bool {
        guard let base, let name else { return isExclusion }
        if isExclusion { return name.broad.starts(with: base.broad) }
        guard let name = name.narrow, let base = base.narrow else { return false }
        return name.starts(with: base)
    }
}
