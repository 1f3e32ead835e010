import PKIX
import Testing

struct ECDSASignatureTests {
    @Test func `r and s become minimal integers`() {
        var signature = [UInt8](repeating: 0, count: 64)
        signature[31] = 0x05
        signature[32] = 0x80
        // r = 5 needs one octet; s has its top bit set and needs a zero octet before it (X.690, section 8.3).
        let expected: [UInt8] =
            [0x30, 0x26, 0x02, 0x01, 0x05, 0x02, 0x21, 0x00, 0x80] + [UInt8](repeating: 0, count: 31)
        #expect(ECDSASignature.der(fromConcatenation: signature, coordinateBytes: 32) == expected)
    }

    @Test func `zero is written as one zero octet`() {
        let signature = [UInt8](repeating: 0, count: 64)
        #expect(
            ECDSASignature.der(fromConcatenation: signature, coordinateBytes: 32)
                == [0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00])
    }

    @Test(arguments: [0, 63, 65, 70, 72, 96])
    func `a signature of another length is refused`(_ length: Int) {
        #expect(
            ECDSASignature.der(
                fromConcatenation: [UInt8](repeating: 1, count: length), coordinateBytes: 32) == nil)
    }
}
