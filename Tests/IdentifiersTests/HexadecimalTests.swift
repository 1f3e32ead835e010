import Identifiers
import Testing

struct HexadecimalTests {
    @Test func `every octet is two lower-case digits and is read back`() {
        let all = (UInt8.min...UInt8.max).map { $0 }
        for octet in all {
            let digits = hexadecimal([octet])
            #expect(
                digits.utf8.count == 2 && UInt8(digits, radix: 16) == octet && digits == digits.lowercased())
        }
        #expect(octets(hexadecimal: hexadecimal(all)) == all)
        #expect(octets(hexadecimal: hexadecimal(all).uppercased()) == all)
        #expect(hexadecimal([0x0A, 0xFF], separator: ":") == "0a:ff")
        #expect(octets(hexadecimal: "") == [])
    }

    // Digits of other scripts, and the signs that initializers of integers accept.
    @Test(arguments: ["0", "0g", "+1", "-1", "0x", " 0", "0\u{301}", "\u{FF11}\u{FF11}", "1\u{0}", "0a:0b"])
    func `characters that are not digits and half octets are refused`(_ text: String) {
        #expect(octets(hexadecimal: text) == nil)
    }
}
