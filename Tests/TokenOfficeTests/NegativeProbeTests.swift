import PKCS11
import Testing

@testable import TokenOffice

/// The numbers are repeated here beside the names, because the table under test contains only names.
struct NegativeProbeTests {
    @Test func `exactly these return values refuse a probe`() {
        let found = (0...0x300).filter { NegativeProbes.isRefusal(ReturnValue(rawValue: $0)) }
        #expect(
            found == [
                0x7, 0x10, 0x11, 0x12, 0x13, 0x1B, 0x54, 0x62, 0x63, 0x68, 0x69, 0x6A, 0x70, 0x71, 0xD0, 0xD1,
                0x115,
            ])
        #expect(!NegativeProbes.isRefusal(ReturnValue(rawValue: 0x8000_0068)))
    }
}
