import Identifiers
import PKIX
import Testing

struct CharacterStringTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let type: CharacterString
        let octets: [UInt8]
        /// The position of the first invalid octet, counted from 1.
        let misfit: Int?
        var text: String?
        var testDescription: String { "\(type.name) \(hexadecimal(octets))" }
    }

    static let samples = [
        Sample(type: .utf8String, octets: Array("Åsa 世界".utf8), misfit: nil, text: "Åsa 世界"),
        Sample(type: .utf8String, octets: [0x61, 0xFF], misfit: 2),
        Sample(type: .utf8String, octets: [0xC0, 0xAF], misfit: 1),
        Sample(type: .utf8String, octets: [0xE0, 0x80, 0xAF], misfit: 1),
        Sample(type: .utf8String, octets: [0x61, 0xED, 0xA0, 0x80], misfit: 2),
        Sample(type: .utf8String, octets: [0xF4, 0x90, 0x80, 0x80], misfit: 1),
        Sample(type: .utf8String, octets: [0xC3, 0xA9, 0xC3], misfit: 3),
        Sample(type: .utf8String, octets: [0xE9], misfit: 1),
        Sample(
            type: .printableString, octets: Array("A-z 0'()+,./:=?".utf8), misfit: nil,
            text: "A-z 0'()+,./:=?"),
        Sample(type: .printableString, octets: Array("a@b".utf8), misfit: 2),
        Sample(type: .printableString, octets: Array("a_*".utf8), misfit: 2),
        Sample(type: .printableString, octets: [0x61, 0], misfit: 2),
        Sample(type: .ia5String, octets: [0x61, 0x7F], misfit: nil, text: "a\u{7F}"),
        Sample(type: .ia5String, octets: [0x6A, 0xE9], misfit: 2),
        Sample(type: .numericString, octets: Array("12 3".utf8), misfit: nil, text: "12 3"),
        Sample(type: .numericString, octets: Array("12-3".utf8), misfit: 3),
        Sample(type: .visibleString, octets: Array(" ~".utf8), misfit: nil, text: " ~"),
        Sample(type: .visibleString, octets: [0x61, 0x0A], misfit: 2),
        Sample(type: .teletexString, octets: [0x6A, 0xE9], misfit: nil, text: "jé"),
        Sample(type: .generalString, octets: [0x61, 0x80], misfit: 2),
        Sample(type: .bmpString, octets: [0, 0x61, 0x4E, 0x16], misfit: nil, text: "a世"),
        Sample(type: .bmpString, octets: [0, 0x61, 0x4E], misfit: 3),
        Sample(type: .bmpString, octets: [0xD8, 0x3D, 0xDE, 0x00], misfit: 1),
        Sample(type: .universalString, octets: [0, 1, 0xF6, 0], misfit: nil, text: "\u{1F600}"),
        Sample(type: .universalString, octets: [0, 0, 0xD8, 0], misfit: 1),
        Sample(type: .universalString, octets: [0, 0x11, 0, 0], misfit: 1),
        Sample(type: .universalString, octets: [0, 0, 0, 0x61, 0], misfit: 5),
    ]

    @Test(arguments: samples)
    func `octets are valid for their string type, or the first invalid one is reported`(_ sample: Sample) {
        // Octets of a larger array: positions are counted from the start of the string.
        let octets = ([1, 2, 3] + sample.octets)[3...]
        #expect(sample.type.read(octets).misfit == sample.misfit)
        #expect(sample.type.text(octets) == sample.text)
        #expect(
            sample.type.text(octets).map { Array($0.unicodeScalars) }
                == sample.text.map { Array($0.unicodeScalars) })
    }

    @Test func `lengths are counted in characters, not in octets`() {
        #expect(CharacterString.utf8String.read(Array("å世😀e\u{301}".utf8)[...]).characters == 5)
        #expect(CharacterString.bmpString.read([0, 0x61, 0, 0x62]).characters == 2)
    }

    @Test(arguments: [
        0x00, 0x07, 0x09, 0x0A, 0x0D, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9B, 0x9F, 0xAD, 0x200B, 0x200E, 0x200F,
        0x2028,
        0x2029, 0x202A, 0x202E, 0x2060, 0x2066, 0x2069, 0x61C, 0xFEFF, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF, 0xFDD0,
        0xE000,
        0xE0001, 0xE0041, 0x1FFFF, 0x10FFFD,
        // Unicode's default-ignorable characters: fillers, variation selectors, and similar.
        0x34F, 0x115F, 0x1160, 0x17B4, 0x180B, 0x180D, 0x180E, 0x180F, 0x2065, 0x3164, 0xFE00, 0xFE0F, 0xFFA0,
        0xFFF0, 0x1BCA0, 0x1D173, 0xE0100, 0xE01EF, 0xE0FFF,
        0x2800,
    ])
    func `characters that hide or change the surrounding text are reported`(_ value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(scalar.isRefusedInNames)
        let text = "a\(Character(scalar))b"
        #expect(CharacterString.utf8String.read(Array(text.utf8)[...]).hidden == scalar)
    }

    @Test(arguments: [
        "a", "~", " ", "é", "e\u{301}", "世", "\u{200C}", "\u{200D}", "😀", "한", "ᄀ", "ﾡ", "ـ", "א", "𝒜",
    ])
    func `characters of every script are accepted`(_ text: String) {
        #expect(CharacterString.utf8String.read(Array(text.utf8)[...]).hidden == nil)
    }
}
