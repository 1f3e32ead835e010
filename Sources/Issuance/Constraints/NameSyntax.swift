internal import PKIX
internal import SwiftASN1
internal import X509

/// The forms of names that RFC 5280, section 4.2.1.6, allows in a subject alternative name. Relying parties
/// compare these octets, and some stop at a NUL: what is not plainly a name is none.
enum NameSyntax {
    /// What is wrong with some name in a list, as the rest of a sentence about the list; nil when all are right.
    static func problem(in names: [GeneralName]) -> String? { names.lazy.compactMap { problem($0) }.first }

    private static func problem(_ name: GeneralName) -> String? {
        switch name {
        case .dnsName(let text): isDNSName(text) ? nil : "holds a DNS name that is not one"
        case .ipAddress(let address):
            // RFC 5280, section 4.2.1.6: four octets for IPv4, sixteen for IPv6.
            if address.bytes.count != 4, address.bytes.count != 16 {
                "holds an IP address of \(address.bytes.count) octets"
            } else if address.bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) {
                // Relying parties take it for the other form (RFC 4291, section 2.5.5.2), which constraints do not.
                "holds an IPv4 address as IPv6"
            } else {
                nil
            }
        case .rfc822Name(let text): isMailbox(text) ? nil : "holds an email address that is not one"
        case .uniformResourceIdentifier(let text):
            isAbsoluteURI(text) ? nil : "holds a URI that is not absolute"
        // RFC 5280, section 4.2.1.6: an empty name names nobody.
        case .directoryName(let name): name.isEmpty ? "holds an empty directory name" : nil
        default: nil
        }
    }

    /// Labels of letters, digits, hyphens and underscores (RFC 1034, section 3.5; the underscore is in wide
    /// use), 63 octets each and 253 altogether; the first may be a lone `*` (RFC 9525, section 6.3).
    static func isDNSName(_ text: String) -> Bool {
        guard text.utf8.count <= 253 else { return false }
        var rest = text.utf8[...]
        if rest.starts(with: "*.".utf8) { rest = rest.dropFirst(2) }
        // Label by label: every request brings some names.
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

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    /// A host, or with a leading dot a domain: what name constraints are made of (RFC 5280, section 4.2.1.10).
    static func isHostOrDomain(_ text: String) -> Bool {
        let name = text.hasPrefix(".") ? String(text.dropFirst()) : text
        return !name.hasPrefix("*") && isDNSName(name)
    }

    /// `local-part@domain` (RFC 5321, section 4.1.2), unquoted.
    static func isMailbox(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy(isVisible) else { return false }
        let domain = String(decoding: parts[1], as: UTF8.self)
        return !domain.hasPrefix("*") && isDNSName(domain)
    }

    /// A scheme and something after it (RFC 3986, section 3), in visible ASCII.
    static func isAbsoluteURI(_ text: String) -> Bool {
        // RFC 3986, section 2, has no others; some parsers take a backslash for a slash.
        guard text.utf8.allSatisfy({ isVisible($0) && !#""<>\^`{|}"#.utf8.contains($0) }),
            let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
        else {
            return false
        }
        let scheme = text.utf8[..<colon]
        guard let first = scheme.first, isLetterOrDigit(first),
            !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return false }
        return text.utf8.index(after: colon) != text.utf8.endIndex
            && scheme.allSatisfy { isLetterOrDigit($0) || "+-.".utf8.contains($0) }
    }

    /// What relying parties that look for a host in a common name may take it for; nil for what is plainly no host.
    static func host(inCommonName text: String) -> GeneralName? {
        if let octets = IPAddress.octets(text) {
            return .ipAddress(ASN1OctetString(contentBytes: octets[...]))
        }
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        guard name.contains("."), !name.contains(" ") else { return nil }
        // A name that is not ASCII is one in the form of people (RFC 5890, U-label).
        return isDNSName(name) || name.utf8.contains { $0 >= 0x80 } ? .dnsName(name) : nil
    }

    /// What is wrong with a subtree of name constraints, as the rest of a sentence; nil when it constrains what it says
    /// (RFC 5280, section 4.2.1.10).
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
            name.flatMap({ Array($0) }).allSatisfy { String($0.value) != nil }
                ? nil : "has a directory name in an encoding that is not compared"
        // Relying parties need not know the others, and then refuse.
        default: "has a form of name that relying parties do not process"
        }
    }

    /// The host in a URI's authority (RFC 3986, section 3.2): a name, not an address; nil when there is none.
    static func host(ofURI text: String) -> String? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let rest = text[text.index(after: colon)...]
        guard rest.hasPrefix("//") else { return nil }
        var authority = rest.dropFirst(2).prefix { !"/?#".contains($0) }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        guard !authority.hasPrefix("[") else { return nil }
        let host = String(authority.prefix { $0 != ":" })
        guard isDNSName(host), !host.hasPrefix("*"), IPAddress.octets(host) == nil else { return nil }
        return host
    }

    private static func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
