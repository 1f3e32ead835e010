internal import PKIX
internal import SwiftASN1
internal import X509

/// The forms of names that RFC 5280, section 4.2.1.6, allows in a subject alternative name. Relying parties
/// compare these octets, and some stop at a NUL, so only unambiguous names are accepted.
enum NameSyntax {
    /// The fault of a name in a list with its place, completing a sentence about the list; nil when all are
    /// valid.
    static func problem(in names: [GeneralName]) -> String? {
        for (index, name) in names.enumerated() {
            guard let problem = problem(name) else { continue }
            return names.count == 1 ? problem : "\(problem) (name \(index + 1) of \(names.count))"
        }
        return nil
    }

    private static func problem(_ name: GeneralName) -> String? {
        switch name {
        case .dnsName(let text):
            isDNSName(text)
                ? aLabelProblem(text).map { "holds a DNS name that \($0)" }
                : "holds a DNS name that is not one"
        case .ipAddress(let address):
            // RFC 5280, section 4.2.1.6: four octets for IPv4, sixteen for IPv6.
            if address.bytes.count != 4, address.bytes.count != 16 {
                "holds an IP address of \(address.bytes.count) octets"
            } else if address.bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) {
                // Relying parties treat it as an IPv4 address (RFC 4291, section 2.5.5.2); constraints do
                // not.
                "holds an IPv4 address as IPv6"
            } else {
                nil
            }
        case .rfc822Name(let text):
            isMailbox(text)
                ? aLabelProblem(domain(ofMailbox: text)).map { "holds an email address that \($0)" }
                : "holds an email address that is not one"
        case .uniformResourceIdentifier(let text): URISyntax.problem(text).map { "holds a URI that \($0)" }
        // RFC 5280, section 4.2.1.6: an empty name names nothing.
        case .directoryName(let name): name.hasNoAttribute ? "holds an empty directory name" : nil
        case .otherName(let name): OtherNameSyntax.problem(name).map { "holds an otherName \($0)" }
        case .x400Address(let value):
            OtherNameSyntax.problem(inStringsOf: value).map { "holds an X.400 address \($0)" }
        case .ediPartyName(let value):
            OtherNameSyntax.problem(inStringsOf: value).map { "holds an EDI party name \($0)" }
        case .registeredID: nil
        }
    }

    /// Labels of letters, digits, hyphens and underscores (RFC 1034, section 3.5; the underscore is in wide
    /// use), 63 octets each and 253 altogether; the first may be a lone `*` (RFC 9525, section 6.3).
    static func isDNSName(_ text: String) -> Bool { isDNSName(text.utf8[...]) }

    static func isDNSName(_ text: Substring.UTF8View) -> Bool {
        guard text.count <= 253 else { return false }
        var rest = text
        if rest.starts(with: "*.".utf8) { rest = rest.dropFirst(2) }
        // Checked label by label for speed, because every request has names.
        while true {
            let label = rest.prefix { $0 != UInt8(ascii: ".") }
            guard isLabel(label) else { return false }
            // A name whose last label is a number is taken for an IPv4 address.
            guard label.endIndex != rest.endIndex else {
                return !label.allSatisfy { (0x30...0x39).contains($0) }
            }
            rest = rest[label.endIndex...].dropFirst()
        }
    }

    /// A label of a host name.
    static func isLabel(_ label: Substring.UTF8View) -> Bool {
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    /// RFC 5280, section 7.2: what is wrong with an A-label of a DNS name.
    static func aLabelProblem(_ text: String) -> String? { aLabelProblem(text.utf8[...]) }

    static func aLabelProblem(_ text: Substring.UTF8View) -> String? {
        var rest = text
        while !rest.isEmpty {
            let label = rest.prefix { $0 != UInt8(ascii: ".") }
            if let problem = ALabel.problem(label) { return problem }
            rest = rest[label.endIndex...].dropFirst()
        }
        return nil
    }

    /// A host, or with a leading dot a domain: what name constraints are made of (RFC 5280, section
    /// 4.2.1.10).
    static func isHostOrDomain(_ text: String) -> Bool {
        let name = text.utf8.first == UInt8(ascii: ".") ? text.utf8.dropFirst() : text.utf8[...]
        return name.first != UInt8(ascii: "*") && isDNSName(name)
    }

    /// `local-part@domain` (RFC 5321, section 4.1.2), with a Dot-string of at most 64 octets before the sign
    /// (section 4.5.3.1.1). A Quoted-string is refused: `"boss"@a.example` is the mailbox `boss@a.example`,
    /// which exclusions would not match.
    static func isMailbox(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].count) else { return false }
        let atoms = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard atoms.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isAtomText) }) else { return false }
        return parts[1].first != UInt8(ascii: "*") && isDNSName(parts[1])
    }

    /// The part after the last `@`; the whole text when there is none.
    static func domain(ofMailbox text: String) -> Substring.UTF8View {
        text.utf8.lastIndex(of: UInt8(ascii: "@")).map { text.utf8[text.utf8.index(after: $0)...] }
            ?? text.utf8[...]
    }

    // RFC 5322, section 3.2.3: atext.
    private static func isAtomText(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }

    /// The fault of a subtree of name constraints, completing a sentence; nil when it is valid (RFC 5280,
    /// section 4.2.1.10).
    static func problem(inSubtree subtree: GeneralName) -> String? {
        switch subtree {
        case .ipAddress(let octets):
            octets.bytes.count == 8 || octets.bytes.count == 32
                ? nil : "has an IP range of \(octets.bytes.count) octets"
        case .dnsName(let name):
            name.isEmpty || isHostOrDomain(name) ? nil : "has a DNS name that is not one"
        case .rfc822Name(let name):
            name.isEmpty || isMailbox(name) || isHostOrDomain(name)
                ? nil : "has an email subtree that is neither a mailbox, a host nor a domain"
        case .uniformResourceIdentifier(let name):
            name.isEmpty || isHostOrDomain(name)
                ? nil : "has a URI subtree that is neither a host nor a domain with a leading dot"
        case .directoryName(let name):
            if name.contains(where: \.isEmpty) {
                // No name has a relative distinguished name without an attribute, so no name would be in such
                // a subtree.
                "has a directory name with a relative distinguished name without an attribute"
            } else {
                name.contains { $0.contains { $0.value.text == nil } }
                    ? "has a directory name in an encoding that is not compared" : nil
            }
        // Relying parties need not support other forms, and refuse the certificate if they do not.
        default: "has a form of name that relying parties do not process"
        }
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
