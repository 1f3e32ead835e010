import Testing

@testable import PKCS11

/// A PIN with invisible characters is refused before a token counts it as wrong.
struct PINTextTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let octets: [UInt8]
        let fault: String?
    }

    private static func text(_ name: String, _ text: String, _ fault: String?) -> Case {
        Case(testDescription: name, octets: Array(text.utf8), fault: fault)
    }

    static let cases = [
        text("digits", "123456", nil), text("words", "correct horse 7391", nil), text("nothing", "", nil),
        text("letters of all kinds", "Straße-日本-🔑", nil),
        text("a line feed inside", "12\n34", "a control character"),
        text("a line feed at the end", "1234\n", "a control character"),
        text("a tab", "12\t34", "a control character"), text("a NUL", "12\u{0}34", "a control character"),
        text("DEL", "1234\u{7F}", "a control character"),
        text("a control of Latin-1", "1234\u{85}", "a control character"),
        text("a byte order mark", "\u{FEFF}1234", "a byte order mark"),
        text("a soft hyphen", "12\u{AD}34", "a character that is not seen"),
        text("a zero-width joiner", "12\u{200D}34", "a character that is not seen"),
        text("a line separator", "12\u{2028}34", "a character that is not seen"),
        text("an override of direction", "12\u{202E}34", "a character that is not seen"),
        text("a blank before", " 1234", "a blank at its beginning"),
        text("a no-break space before", "\u{A0}1234", "a blank at its beginning"),
        text("a trailing blank", "1234 ", "a blank at its end"),
        text("a trailing ideographic space", "1234\u{3000}", "a blank at its end"),
        Case(
            testDescription: "UTF-16, little-endian", octets: [0xFF, 0xFE, 0x31, 0], fault: "text in UTF-16"),
        Case(testDescription: "UTF-16, big-endian", octets: [0xFE, 0xFF, 0, 0x31], fault: "text in UTF-16"),
        // Octets that are not UTF-8 are passed to the token.
        Case(testDescription: "octets that are not UTF-8", octets: [0x31, 0xE4, 0xFF, 0x80], fault: nil),
        Case(testDescription: "a character cut off", octets: [0x31, 0xE2, 0x80], fault: nil),
        Case(testDescription: "an overlong form of a line feed", octets: [0x31, 0xC0, 0x8A], fault: nil),
    ]

    @Test(arguments: cases)
    func `a PIN with an invisible character is refused without repeating the PIN`(
        _ value: Case
    ) throws {
        let secret = try SecretBytes.test(value.octets)
        let found = secret.unprintableFault
        #expect((found == nil) == (value.fault == nil))
        #expect(found?.hasPrefix(value.fault ?? "") != false, "\(found ?? "none")")
        #expect(found?.contains("34") != true)
    }
}
