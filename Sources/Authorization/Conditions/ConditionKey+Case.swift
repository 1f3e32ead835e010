internal import OctetText

/// Keys whose values, or a part of them, are in lower case in every request.
extension ConditionKey {
    /// Tag keys and DNS names (RFC 4343) are compared without regard to case; IPv6 addresses are written in
    /// lower case (RFC 5952, section 4.3).
    static let lowercased: Set<String> = ["aws:tagkeys", "signet:dnsnames", "signet:ipaddresses"]

    /// A policy's text, in lower case for keys whose values are in lower case in requests.
    /// - Parameter key: in lower case
    static func normalized(_ text: String, of key: String, hasWildcards: Bool) -> String {
        switch key {
        case _ where lowercased.contains(key): text.lowercased()
        case "signet:emailaddresses": mailbox(text, hasWildcards: hasWildcards)
        case "signet:uris": uri(text, hasWildcards: hasWildcards)
        default: text
        }
    }

    /// RFC 5280, section 7.5: the host is compared without regard to case. A pattern without an `@` ends in
    /// the host.
    private static func mailbox(_ text: String, hasWildcards: Bool) -> String {
        let start =
            text.utf8.lastIndex(of: UInt8(ascii: "@"))
            ?? (hasWildcards ? text.utf8.lastIndex { "*?".utf8.contains($0) } : nil)
        // A quoted local part may have an `@`, which a wildcard could hide.
        guard let start, !text.hasOctetPrefix("\"") else { return text }
        return String(text[..<start]) + String(text[start...]).asciiLowercased
    }

    /// RFC 3986, section 6.2.2.1: scheme and authority are compared without regard to case.
    private static func uri(_ text: String, hasWildcards: Bool) -> String {
        let octets = Array(text.utf8)
        let ends = Array((hasWildcards ? "/#" : "/?#").utf8)
        var (place, isInVariable, hasScheme, slashes) = (0, false, false, 0)
        scan: while place < octets.count {
            switch octets[place] {
            case UInt8(ascii: "$") where octets[place...].starts(with: "${".utf8): isInVariable = true
            case UInt8(ascii: "}"): isInVariable = false
            case _ where isInVariable: break
            case UInt8(ascii: ":") where !hasScheme:
                hasScheme = true
                guard octets[place...].starts(with: "://".utf8) else { break scan }
                slashes = 2
            case UInt8(ascii: "/") where slashes > 0: slashes -= 1
            case let octet where ends.contains(octet): break scan
            default: break
            }
            place += 1
        }
        guard hasScheme else { return text }
        return String(decoding: octets[..<place], as: UTF8.self).asciiLowercased
            + String(decoding: octets[place...], as: UTF8.self)
    }

    /// The key whose values are in lower case if they can be taken for a host.
    static let commonName = "signet:subjectcommonname"
}

extension ConditionContext {
    /// Whether relying parties can take a common name for a host: a dot, and no blank but at the ends. Such
    /// names are in lower case in requests; otherwise a condition on `*.evil.example` would miss
    /// `EVIL.example`.
    public static func isHost(commonName: String) -> Bool {
        guard commonName.containsOctet(".") else { return false }
        return commonName.utf8.split(separator: UInt8(ascii: " "), maxSplits: 2).count == 1
    }
}
