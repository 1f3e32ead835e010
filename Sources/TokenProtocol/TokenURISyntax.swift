internal import Identifiers

/// The syntax of a PKCS#11 URI: its octets are checked and its attributes split. The attributes are not
/// interpreted.
///
/// The check comes before p11-kit, which removes all white space. Without it, `token=My CA` would open the
/// token `MyCA` and try a PIN on it.
public struct TokenURISyntax: Sendable, Hashable {
    public struct Attribute: Sendable, Hashable {
        public let name: String
        /// The octets after percent-decoding.
        public let value: [UInt8]
    }

    /// The attributes before the `?`.
    public let path: [Attribute]
    /// The attributes after the `?`.
    public let query: [Attribute]

    public init(_ text: String) throws(TokenURISyntaxError) {
        let octets = Array(text.utf8)
        let scheme = Array("pkcs11:".utf8)
        guard octets.starts(with: scheme) else { throw .scheme }
        for (index, octet) in octets.enumerated() {
            // RFC 3986, section 2: unreserved, reserved and percent-encoded. `#` would begin a fragment,
            // which RFC 7512 does not have.
            guard Self.isAllowed(octet) else { throw .octet(octet, position: index + 1) }
            // RFC 3986, section 2.1: two hexadecimal digits.
            let digits = octets[(index + 1)...].prefix(2).compactMap(Self.digit)
            guard octet != Self.percent || digits.count == 2 else { throw .escape(position: index + 1) }
        }
        let parts = octets[scheme.count...].split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        path = parts[0].split(separator: UInt8(ascii: ";")).map(Self.attribute)
        query = parts.count > 1 ? parts[1].split(separator: UInt8(ascii: "&")).map(Self.attribute) : []
    }

    private static let percent = UInt8(ascii: "%")
    private static let others = Set("-._~:/?[]@!$&'()*+,;=%".utf8)

    private static func isAllowed(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: others.contains(octet)
        }
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func attribute(_ octets: ArraySlice<UInt8>) -> Attribute {
        let name = octets.prefix { $0 != UInt8(ascii: "=") }
        var value: [UInt8] = []
        var rest = octets.dropFirst(name.count + 1)
        while let octet = rest.popFirst() {
            guard octet == percent, let high = rest.popFirst().flatMap(digit),
                let low = rest.popFirst().flatMap(digit)
            else {
                value.append(octet)
                continue
            }
            value.append(high << 4 | low)
        }
        return Attribute(name: String(decoding: name, as: UTF8.self), value: value)
    }
}

/// Why a text is not a PKCS#11 URI. The messages name octets by number and never repeat them.
public enum TokenURISyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    case scheme
    /// `position` counts from 1.
    case octet(UInt8, position: Int)
    case escape(position: Int)

    public var description: String {
        switch self {
        case .scheme: "it does not begin with `pkcs11:`"
        case .octet(let octet, let position):
            "its octet \(position) is \(Self.name(octet)), which is no character of a URI (RFC 3986, section 2); write it as `%\(hexadecimal([octet]).uppercased())`"
        case .escape(let position):
            "the `%` at its octet \(position) is not followed by two hexadecimal digits (RFC 3986, section 2.1)"
        }
    }

    private static func name(_ octet: UInt8) -> String {
        switch octet {
        case UInt8(ascii: " "): "a blank"
        case UInt8(ascii: "\t"): "a tab"
        case UInt8(ascii: "\n"): "a line feed"
        case UInt8(ascii: "\r"): "a carriage return"
        case 0x21...0x7E: "`\(UnicodeScalar(octet))`"
        default: "0x\(hexadecimal([octet]))"
        }
    }
}
