import Foundation
import TestSupport
import Testing
import VisibleText

/// Text of another party has no effect where it is printed.
struct VisibleTextTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let foreign: String
        let codePoint: String
        let hexPairs: String
    }

    static let samples: [Sample] = [
        .init(testDescription: "ESC", foreign: "a\u{1B}[2J", codePoint: "a\\u{1B}[2J", hexPairs: "a\\1B[2J"),
        .init(testDescription: "line feed", foreign: "a\nb", codePoint: "a\\u{A}b", hexPairs: "a\\0Ab"),
        .init(
            testDescription: "CR LF", foreign: "a\r\nb", codePoint: "a\\u{D}\\u{A}b", hexPairs: "a\\0D\\0Ab"),
        .init(testDescription: "NUL", foreign: "a\0b", codePoint: "a\\u{0}b", hexPairs: "a\\00b"),
        .init(testDescription: "BEL", foreign: "a\u{7}", codePoint: "a\\u{7}", hexPairs: "a\\07"),
        .init(testDescription: "backspace", foreign: "a\u{8}", codePoint: "a\\u{8}", hexPairs: "a\\08"),
        .init(testDescription: "DEL", foreign: "a\u{7F}", codePoint: "a\\u{7F}", hexPairs: "a\\7F"),
        .init(testDescription: "C1 CSI", foreign: "\u{9B}2J", codePoint: "\\u{9B}2J", hexPairs: "\\C2\\9B2J"),
        .init(testDescription: "C1 OSC", foreign: "\u{9D}0;", codePoint: "\\u{9D}0;", hexPairs: "\\C2\\9D0;"),
        .init(
            testDescription: "line separator", foreign: "a\u{2028}b", codePoint: "a\\u{2028}b",
            hexPairs: "a\\E2\\80\\A8b"),
        .init(
            testDescription: "paragraph separator", foreign: "a\u{2029}b", codePoint: "a\\u{2029}b",
            hexPairs: "a\\E2\\80\\A9b"),
        .init(
            testDescription: "right-to-left override", foreign: "\u{202E}gro", codePoint: "\\u{202E}gro",
            hexPairs: "\\E2\\80\\AEgro"),
        .init(
            testDescription: "isolate", foreign: "\u{2066}a\u{2069}", codePoint: "\\u{2066}a\\u{2069}",
            hexPairs: "\\E2\\81\\A6a\\E2\\81\\A9"),
        .init(
            testDescription: "tag", foreign: "a\u{E0001}", codePoint: "a\\u{E0001}",
            hexPairs: "a\\F3\\A0\\80\\81"),
        .init(
            testDescription: "zero-width space", foreign: "a\u{200B}b", codePoint: "a\\u{200B}b",
            hexPairs: "a\\E2\\80\\8Bb"),
        .init(
            testDescription: "byte order mark", foreign: "\u{FEFF}a", codePoint: "\\u{FEFF}a",
            hexPairs: "\\EF\\BB\\BFa"),
        .init(
            testDescription: "private use", foreign: "\u{E000}", codePoint: "\\u{E000}",
            hexPairs: "\\EE\\80\\80"),
        .init(
            testDescription: "unassigned", foreign: "\u{1FFFE}", codePoint: "\\u{1FFFE}",
            hexPairs: "\\F0\\9F\\BF\\BE"),
        .init(
            testDescription: "Hangul filler", foreign: "a\u{3164}", codePoint: "a\\u{3164}",
            hexPairs: "a\\E3\\85\\A4"),
        .init(
            testDescription: "blanks at the ends", foreign: " a b ", codePoint: "\\u{20}a b\\u{20}",
            hexPairs: "\\20a b\\20"),
        .init(
            testDescription: "blanks in a row", foreign: "a   b", codePoint: "a \\u{20}\\u{20}b",
            hexPairs: "a \\20\\20b"),
        .init(
            testDescription: "a leading mark", foreign: "\u{301}a", codePoint: "\\u{301}a",
            hexPairs: "\\CC\\81a"),
        .init(testDescription: "empty", foreign: "", codePoint: "", hexPairs: ""),
    ]

    @Test(arguments: samples)
    func `an invisible scalar is written as an escape`(_ sample: Sample) {
        #expect(EscapedText(sample.foreign).text == sample.codePoint)
        #expect(EscapedText(sample.foreign, escape: .hexPairs).text == sample.hexPairs)
        #expect(("(\(sample.foreign))" as EscapedText).text == "(\(sample.codePoint))")
        // Escaped twice, for example by a name and then by its table cell.
        for escape in [Escape.codePoint, .hexPairs] {
            let once = EscapedText(sample.foreign, escape: escape).text
            #expect(EscapedText(once).text == once)
        }
    }

    @Test(arguments: [
        "Åsa Öberg", "日本 東京", "Müller & Söhne GmbH", "مثال", "दिल्ली", "Ελλάδα", "한국", "e\u{301}", "😀",
        "a\\b,c=d", "CN=web.example.com,O=Example",
    ])
    func `ordinary names are unchanged`(_ name: String) {
        #expect(EscapedText(name).text.unicodeScalars.elementsEqual(name.unicodeScalars))
        #expect(EscapedText(name, escape: .hexPairs).text.unicodeScalars.elementsEqual(name.unicodeScalars))
    }

    @Test func `marks may follow a scalar, but not reach into the lines above`() {
        let tall = "a" + String(repeating: "\u{300}", count: 9)
        #expect(EscapedText(tall).text == "a" + String(repeating: "\u{300}", count: 8) + "\\u{300}")
    }

    @Test func `octets that are not UTF-8 are escaped one by one`() {
        let octets: [UInt8] = [0x61, 0xFF, 0xED, 0xA0, 0x80, 0xC2, 0x62, 0x9B, 0xC0, 0x80, 0xE2, 0x82]
        #expect(EscapedText(octets: octets).text == "a\\xFF\\xED\\xA0\\x80\\xC2b\\x9B\\xC0\\x80\\xE2\\x82")
        #expect(
            EscapedText(octets: octets, escape: .hexPairs).text
                == "a\\FF\\ED\\A0\\80\\C2b\\9B\\C0\\80\\E2\\82")
    }

    @Test func `a document keeps only its lines and blanks`() {
        let document = EscapedText("{\n  \"a\": \"\u{9B}\"\r\n}\t", layout: .document)
        #expect(document.text == "{\n  \"a\": \"\\u{9B}\"\\u{D}\n}\\u{9}")
    }

    @Test func `a text beyond the limit is truncated and marked`() {
        #expect(EscapedText("abcdef", limit: 4).text == "abcd… (2 octets more)")
        #expect(EscapedText("aåå", limit: 2).text == "a\\xC3… (3 octets more)")
        #expect(EscapedText("abcd", limit: 4).text == "abcd")
        let long: EscapedText = "\(String(repeating: "a", count: EscapedText.usualLimit + 1))"
        #expect(long.text.hasSuffix("a… (1 octets more)"))
    }

    @Test func `an escaped text is not escaped again`() {
        let name = EscapedText("a\n", escape: .hexPairs)
        #expect(("[\(name)] \(2)" as EscapedText).text == "[a\\0A] 2")
        #expect([name, name].joined(separator: ", ").text == "a\\0A, a\\0A")
    }

    @Test func `a row of a table is one line, aligned by visible width`() {
        let table = EscapedText.table(
            ["NAME", "ARN"], [["e\u{301}", "\("x\nACTIVE")"], ["\("a\tb")", "y"]])
        #expect(table.text == "NAME     ARN\ne\u{301}        x\\u{A}ACTIVE\na\\u{9}b  y")
    }

    @Test func `JSON keeps its meaning, with ASCII escapes for invisible scalars`() throws {
        let foreign = "a\u{7F}\u{9B}\u{202E}\u{E0001}\u{2028}\u{E000}Å日😀"
        let json = try #require(
            String(data: try JSONSerialization.data(withJSONObject: ["k": foreign]), encoding: .utf8))
        let shown = EscapedText(json: json).text
        #expect(shown == #"{"k":"a\u007f\u009b\u202e\udb40\udc01\u2028\ue000Å日😀"}"#)
        let read = try JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [String: String]
        #expect(read?["k"]?.unicodeScalars.elementsEqual(foreign.unicodeScalars) == true)
    }
}
