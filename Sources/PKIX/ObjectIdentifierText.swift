public import SwiftASN1

extension ASN1ObjectIdentifier {
    /// An object identifier in dotted decimal, such as `1.3.6.1.4.1.99999.1` (RFC 4512, section 1.4).
    ///
    /// Accepts only object identifiers that X.660 allows and every reader can hold. The library's initializer
    /// accepts arcs that crash the process when they are encoded again.
    /// - Returns: nil for fewer than two arcs, a first arc above 2, a second arc above 39 below the first two
    ///   roots, an arc with a leading zero or near 2^62, or contents of more than 63 octets
    public init?(dotted text: String) {
        let arcs = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { Self.arc($0) }
        guard arcs.count >= 2, let first = arcs[0], let second = arcs[1], first <= 2,
            first == 2 || second <= 39
        else { return nil }
        // X.690, section 8.19: seven bits in each octet, the first two arcs in one subidentifier.
        var octets = 0
        for (place, arc) in arcs.enumerated() where place != 1 {
            guard let arc else { return nil }
            let value = place == 0 ? arc * 40 + second : arc
            octets += max(1, (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7)
        }
        // pyca/cryptography, among others, refuses longer ones.
        guard octets <= 63 else { return nil }
        do { try self.init(dotRepresentation: text) } catch { return nil }
    }

    /// The object identifier in dotted decimal.
    ///
    /// The library's description writes a first arc above 2, such as `26.39` for `2.999` (X.690, section
    /// 8.19.4).
    public var dotted: String {
        var arcs = oidComponents
        if arcs[0] > 2 {
            arcs[1] += (arcs[0] - 2) * 40
            arcs[0] = 2
        }
        return arcs.map { String($0) }.joined(separator: ".")
    }

    private static let mostInArc = UInt64(1) << 62

    private static func arc(_ digits: Substring.UTF8View) -> UInt64? {
        guard !digits.isEmpty, digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = digit, value < mostInArc / 10 else {
                return nil
            }
            value = value * 10 + UInt64(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
