import PKIX
import Testing

/// Names compared according to RFC 5280, section 7.1.
struct NameMatchTests {
    struct Pair: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let one: [UInt8]
        let other: [UInt8]
        let matches: Bool

        init(_ description: String, _ one: [UInt8], _ other: [UInt8], _ matches: Bool) {
            testDescription = description
            self.one = one
            self.other = other
            self.matches = matches
        }
    }

    private static func tlv(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        [tag, UInt8(contents.count)] + contents
    }

    private static func attribute(_ type: UInt8, _ tag: UInt8, _ value: [UInt8]) -> [UInt8] {
        tlv(0x30, [0x06, 0x03, 0x55, 0x04, type] + tlv(tag, value))
    }

    private static func name(_ sets: [[UInt8]]...) -> [UInt8] {
        tlv(0x30, sets.flatMap { tlv(0x31, $0.flatMap { $0 }) })
    }

    private static func commonName(_ tag: UInt8, _ text: String) -> [UInt8] {
        name([attribute(3, tag, Array(text.utf8))])
    }

    private static let plain = commonName(0x0C, "Example CA")

    static let pairs: [Pair] = [
        Pair("UTF8String and PrintableString", plain, commonName(0x13, "Example CA"), true),
        Pair("UTF8String and TeletexString", plain, commonName(0x14, "Example CA"), true),
        Pair("UTF8String and IA5String", plain, commonName(0x16, "Example CA"), true),
        Pair(
            "UTF8String and BMPString", plain,
            name([attribute(3, 0x1E, "Example CA".utf8.flatMap { [0, $0] })]), true),
        Pair(
            "UTF8String and UniversalString", plain,
            name([attribute(3, 0x1C, "Example CA".utf8.flatMap { [0, 0, 0, $0] })]), true),
        Pair("another case", plain, commonName(0x0C, "EXAMPLE ca"), true),
        Pair("other blanks", plain, commonName(0x0C, "  Example \t CA "), true),
        Pair("a blank within a word", plain, commonName(0x0C, "Exam ple CA"), false),
        Pair("another word", plain, commonName(0x0C, "Example CB"), false),
        // As Characters, e with a combining accent equals é, and CR LF is one Character.
        Pair("a combining mark", commonName(0x0C, "caf\u{E9}"), commonName(0x0C, "cafe\u{301}"), false),
        Pair("a joiner after a letter", plain, commonName(0x0C, "Example CA\u{200D}"), false),
        Pair("a NUL at the end", plain, commonName(0x0C, "Example CA\0"), false),
        Pair("CR LF between words", plain, commonName(0x0C, "Example\r\nCA"), true),
        Pair("case beyond ASCII", commonName(0x0C, "\u{C9}"), commonName(0x0C, "\u{E9}"), false),
        Pair(
            "Latin-1 in a TeletexString", name([attribute(3, 0x14, [0xE9])]), commonName(0x0C, "\u{E9}"), true
        ),
        Pair("another type", plain, name([attribute(10, 0x0C, Array("Example CA".utf8))]), false),
        Pair(
            "another order",
            name([attribute(3, 0x0C, [0x61])], [attribute(10, 0x0C, [0x62])]),
            name([attribute(10, 0x0C, [0x62])], [attribute(3, 0x0C, [0x61])]), false),
        Pair(
            "a set in another order",
            name([attribute(3, 0x0C, [0x61]), attribute(10, 0x0C, [0x62])]),
            name([attribute(10, 0x0C, [0x62]), attribute(3, 0x0C, [0x61])]), true),
        Pair(
            "one set and two", name([attribute(3, 0x0C, [0x61]), attribute(10, 0x0C, [0x62])]),
            name([attribute(3, 0x0C, [0x61])], [attribute(10, 0x0C, [0x62])]), false),
        // Octets that are not UTF-8 are not replaced by the same character.
        Pair(
            "two octets that are not UTF-8", name([attribute(3, 0x0C, [0xFF])]),
            name([attribute(3, 0x0C, [0xFE])]), false),
        Pair(
            "the same octet that is not UTF-8", name([attribute(3, 0x0C, [0xFF])]),
            name([attribute(3, 0x0C, [0xFF])]), true),
        Pair(
            "a string and octets", plain, name([attribute(3, 0x04, Array("Example CA".utf8))]), false),
        Pair("more relative names", plain, name([attribute(3, 0x0C, [0x61])], []), false),
    ]

    @Test(arguments: pairs)
    func `names match by section 7.1`(_ pair: Pair) throws {
        let one = try #require(NameMatch(derEncoded: pair.one[...]))
        let other = try #require(NameMatch(derEncoded: pair.other[...]))
        #expect((one == other) == pair.matches)
        #expect((other == one) == pair.matches)
    }

    @Test(arguments: [
        [], [0x30], [0x31, 0x00], [0x30, 0x02, 0x31], [0x30, 0x02, 0x30, 0x00], plain + [0x00],
        [0x30, 0x04, 0x31, 0x02, 0x30, 0x00],
    ])
    func `octets that are not a name match nothing`(_ octets: [UInt8]) {
        #expect(NameMatch(derEncoded: octets[...]) == nil)
    }
}
