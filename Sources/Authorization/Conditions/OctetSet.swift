/// A set of octets.
struct OctetSet: Sendable, Hashable {
    private var bits: SIMD4<UInt64>

    init(_ octets: some Sequence<UInt8>) {
        bits = .zero
        for octet in octets { bits[Int(octet >> 6)] |= 1 << UInt64(octet & 63) }
    }

    static let all = OctetSet(0...255)
    static let digits = OctetSet("0123456789".utf8)
    static let lowercase = OctetSet("abcdefghijklmnopqrstuvwxyz".utf8)
    static let letters = lowercase.union(OctetSet("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8))
    /// Printable ASCII without the blank.
    static let visible = OctetSet(0x21...0x7E)
    /// Of a character in UTF-8, behind its first octet (RFC 3629, section 3).
    static let continuations = OctetSet(0x80...0xBF)

    func contains(_ octet: UInt8) -> Bool { bits[Int(octet >> 6)] & (1 << UInt64(octet & 63)) != 0 }

    func union(_ other: OctetSet) -> OctetSet {
        var union = self
        union.bits |= other.bits
        return union
    }

    func subtracting(_ octets: String) -> OctetSet {
        var rest = self
        rest.bits &= ~OctetSet(octets.utf8).bits
        return rest
    }
}
