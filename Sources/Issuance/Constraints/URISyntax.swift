internal import Identifiers
internal import PKIX

/// URIs by RFC 5280, section 4.2.1.6: absolute and in the syntax of RFC 3986. If there is an authority, its
/// host is a domain name or an address.
enum URISyntax {
    /// The fault of the text, completing a sentence; nil for a valid URI.
    static func problem(_ text: String) -> String? {
        // RFC 3986, section 2: no other octets; some parsers treat a backslash as a slash.
        if let octet = text.utf8.first(where: { !isOfURI($0) }) {
            return "has the octet 0x\(hexadecimal([octet])), which RFC 3986, section 2, does not allow"
        }
        guard let parts = Parts(text) else { return "is not absolute" }
        // RFC 3986, section 2.1
        if hasBadEscape(text.utf8) { return "has a `%` without two hexadecimal digits" }
        // RFC 3986, section 3.5: the fragment has no further `#`.
        if text.utf8.filter({ $0 == UInt8(ascii: "#") }).count > 1 { return "has more than one `#`" }
        // RFC 3986, section 3.2.2: square brackets stand around an address and nowhere else.
        if parts.rest.contains(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }) {
            return "has a square bracket outside its host"
        }
        guard let authority = parts.authority else {
            return needsHost(parts.scheme) ? "has no host" : nil
        }
        return problem(inAuthority: authority, scheme: parts.scheme)
    }

    /// Whether a URI of a scheme has a host (RFC 9110, section 4.2; RFC 6455, section 3; RFC 1738, section
    /// 3.2; SPIFFE ID, section 2).
    private static func needsHost(_ scheme: Substring.UTF8View) -> Bool {
        ["http", "https", "ws", "wss", "ftp", "spiffe"].contains { isSame(scheme, $0) }
    }

    /// The host in a URI's authority (RFC 3986, section 3.2): a name, not an address; nil when there is none,
    /// or when relying parties read different ones. OpenSSL reads the text up to the first `:`, or else up to
    /// the first `/`, as the host; it ignores userinfo, and `?` and `#` after an authority.
    static func host(of text: String) -> String? {
        guard let parts = Parts(text), let authority = parts.authority,
            !authority.contains(UInt8(ascii: "@")), parts.rest.first.map({ $0 == UInt8(ascii: "/") }) ?? true,
            let host = Authority(authority)?.host,
            host.first != UInt8(ascii: "["), host.first != UInt8(ascii: "*"), NameSyntax.isDNSName(host)
        else { return nil }
        let name = String(decoding: host, as: UTF8.self)
        return IPAddress.octets(name) == nil ? name : nil
    }

    private static func problem(
        inAuthority text: Substring.UTF8View, scheme: Substring.UTF8View
    ) -> String? {
        guard let authority = Authority(text) else {
            return "has an authority that RFC 3986, section 3.2, does not allow"
        }
        // RFC 9293, section 3.1: a port has 16 bits.
        if let port = authority.port, UInt16(port) == nil { return "has a port above 65535" }
        if authority.host.isEmpty { return needsHost(scheme) ? "has no host" : nil }
        let host = String(decoding: authority.host, as: UTF8.self)
        if authority.host.first == UInt8(ascii: "[") {
            let inside = String(decoding: authority.host.dropFirst().dropLast(), as: UTF8.self)
            return IPAddress.octets(inside)?.count == 16 ? nil : "has brackets around what is no IPv6 address"
        }
        if IPAddress.octets(host) != nil { return nil }
        guard authority.host.first != UInt8(ascii: "*"), NameSyntax.isDNSName(authority.host) else {
            return "has a host that is neither a domain name nor an IP address"
        }
        return NameSyntax.aLabelProblem(authority.host)
    }

    // RFC 3986, appendix A: reserved, unreserved and `%`.
    private static func isOfURI(_ byte: UInt8) -> Bool {
        NameSyntax.isLetterOrDigit(byte) || "-._~:/?#[]@!$&'()*+,;=%".utf8.contains(byte)
    }

    private static func hasBadEscape(_ text: String.UTF8View) -> Bool {
        var rest = text[...]
        while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
            rest = rest[percent...].dropFirst()
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy(isHexadecimal) else { return true }
        }
        return false
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private static func isSame(_ text: Substring.UTF8View, _ other: String) -> Bool {
        text.map { $0 | 0x20 }.elementsEqual(other.utf8)
    }

    /// Scheme, authority, and all the rest.
    private struct Parts {
        let scheme: Substring.UTF8View
        /// Nil when no `//` follows the scheme.
        let authority: Substring.UTF8View?
        let rest: Substring.UTF8View

        init?(_ text: String) {
            guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            scheme = text.utf8[..<colon]
            // RFC 3986, section 3.1
            guard let first = scheme.first, NameSyntax.isLetterOrDigit(first), !(0x30...0x39).contains(first),
                scheme.allSatisfy({ NameSyntax.isLetterOrDigit($0) || "+-.".utf8.contains($0) })
            else { return nil }
            let after = text.utf8[colon...].dropFirst()
            guard !after.isEmpty else { return nil }
            guard after.starts(with: "//".utf8) else {
                authority = nil
                rest = after
                return
            }
            let authority = after.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
            self.authority = authority
            rest = after[authority.endIndex...]
        }
    }

    /// RFC 3986, section 3.2: `userinfo@host:port`.
    private struct Authority {
        let host: Substring.UTF8View
        /// Its digits; nil when there are none (RFC 3986, section 3.2.3).
        let port: Substring?

        init?(_ text: Substring.UTF8View) {
            var text = text
            if let at = text.firstIndex(of: UInt8(ascii: "@")) {
                // Only one `@`: some parsers end the userinfo at the first, and some at the last.
                guard !text[..<at].contains(where: { "[]".utf8.contains($0) }) else { return nil }
                text = text[at...].dropFirst()
                guard !text.contains(UInt8(ascii: "@")) else { return nil }
            }
            let suffix: Substring.UTF8View
            if text.first == UInt8(ascii: "[") {
                guard let end = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
                host = text[...end]
                suffix = text[end...].dropFirst()
                guard suffix.isEmpty || suffix.first == UInt8(ascii: ":") else { return nil }
            } else {
                host = text.prefix { $0 != UInt8(ascii: ":") }
                suffix = text[host.endIndex...]
            }
            guard suffix.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }),
                !host.dropFirst().contains(UInt8(ascii: "["))
            else { return nil }
            let digits = suffix.dropFirst()
            port = digits.isEmpty ? nil : Substring(digits)
        }
    }
}
