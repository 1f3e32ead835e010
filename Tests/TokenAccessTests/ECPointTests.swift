import Testing
import TokenProtocol

@testable import TokenAccess

struct ECPointTests {
    static func point(_ length: Int) -> [UInt8] { [4] + [UInt8](repeating: 0x41, count: length - 1) }

    @Test(arguments: [(KeyKind.ecP256, 65), (.ecP384, 97), (.ecP521, 133)])
    func `a raw point and a wrapped point are equal`(_ kind: KeyKind, _ length: Int) {
        let raw = Self.point(length)
        let header: [UInt8] = length < 128 ? [0x04, UInt8(length)] : [0x04, 0x81, UInt8(length)]
        #expect(EC.point(raw, of: kind) == raw)
        #expect(EC.point(header + raw, of: kind) == raw)
    }

    @Test func `a raw point that resembles an OCTET STRING is read as a raw point`() {
        // 04 3F: in DER this would be an OCTET STRING of 63 octets, which fits the length exactly.
        let raw: [UInt8] = [4, 0x3F] + [UInt8](repeating: 4, count: 63)
        #expect(EC.point(raw, of: .ecP256) == raw)
    }

    @Test(arguments: [0, 1, 33, 64, 66, 68, 97])
    func `a point of another length is refused`(_ length: Int) {
        #expect(EC.point([UInt8](repeating: 4, count: length), of: .ecP256) == nil)
    }

    @Test func `a compressed or wrongly wrapped point is refused`() {
        #expect(EC.point([2] + [UInt8](repeating: 1, count: 64), of: .ecP256) == nil)
        #expect(EC.point([3, 65] + Self.point(65), of: .ecP256) == nil)
        #expect(EC.point([4, 64] + Self.point(65), of: .ecP256) == nil)
        #expect(EC.point(Self.point(65), of: .rsa2048) == nil)
    }

    @Test func `an Ed25519 point may be in an OCTET STRING, in a BIT STRING, or in neither`() {
        let raw = [UInt8](repeating: 0x41, count: 32)
        for value in [raw, [0x04, 0x20] + raw, [0x03, 0x21, 0x00] + raw] {
            #expect(EdDSA.point(value) == raw)
        }
        #expect(EdDSA.point([0x03, 0x20] + raw) == nil)
        #expect(EdDSA.point(raw + [0]) == nil)
    }
}
