import PKIX
import Testing

struct IPAddressTests {
    @Test(
        arguments: [
            ("192.0.2.1", [192, 0, 2, 1]), ("0.0.0.0", [0, 0, 0, 0]),
            ("::", [UInt8](repeating: 0, count: 16)), ("::1", [UInt8](repeating: 0, count: 15) + [1]),
            ("2001:db8::1", [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]),
            (
                "1:2:3:4:5:6:7:8",
                [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]
            ),
            ("::ffff:192.0.2.1", [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 1]),
        ] as [(String, [UInt8])])
    func `addresses are parsed and written`(_ text: String, _ octets: [UInt8]) {
        #expect(IPAddress.octets(text) == octets)
        #expect(IPAddress.octets(IPAddress.text(octets)) == octets)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", "1..2.3", ":", ":::", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "fe80::1%eth0",
        "1:2:3:4::5:6:7:8", "+1::", "1.2.3.４",
    ])
    func `malformed addresses are refused`(_ text: String) {
        #expect(IPAddress.octets(text) == nil)
    }

    @Test func `ranges have no address bits beyond the prefix`() {
        #expect(IPAddress.range("10.0.0.0/8") == [10, 0, 0, 0, 255, 0, 0, 0])
        #expect(IPAddress.range("192.0.2.128/25") == [192, 0, 2, 128, 255, 255, 255, 128])
        #expect(IPAddress.range("10.0.0.1") == [10, 0, 0, 1, 255, 255, 255, 255])
        #expect(IPAddress.range("2001:db8::/32")?.count == 32)
        #expect(IPAddress.text(IPAddress.range("2001:db8::/32") ?? []) == "2001:db8::/32")
        for text in ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "a/8"] {
            #expect(IPAddress.range(text) == nil, "\(text)")
        }
    }
}
