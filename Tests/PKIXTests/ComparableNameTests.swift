import PKIX
import SwiftASN1
import Testing
import X509

struct ComparableNameTests {
    private static let organization: ASN1ObjectIdentifier = [2, 5, 4, 10]

    private static func name(_ text: String) throws -> ComparableName {
        try #require(
            ComparableName(
                DistinguishedName([RelativeDistinguishedName(.init(type: organization, utf8String: text))])))
    }

    struct Pair: Sendable {
        let one: String
        let other: String
        let narrow: Bool
        let broad: Bool
    }

    // OpenSSL considers few names equal, and RFC 4518 considers many equal.
    @Test(arguments: [
        Pair(one: "Example", other: "EXAMPLE", narrow: true, broad: true),
        Pair(one: " Example  Ltd ", other: "example ltd", narrow: true, broad: true),
        Pair(one: "Example", other: "Examples", narrow: false, broad: false),
        Pair(one: "Åsa", other: "åsa", narrow: false, broad: true),
        // Equal as Swift strings, with different octets.
        Pair(one: "é", other: "e\u{301}", narrow: false, broad: true),
        Pair(one: "Straße", other: "STRASSE", narrow: false, broad: true),
        Pair(one: "ﬁn", other: "fin", narrow: false, broad: true),
        Pair(one: "Ｅｖｉｌ", other: "evil", narrow: false, broad: true),
        Pair(one: "Evil\u{A0}Corp", other: "evil corp", narrow: false, broad: true),
        Pair(one: "Ev\u{200B}il", other: "Evil", narrow: false, broad: true),
        // RFC 4518, section 2.2, and the invisible characters beyond it.
        Pair(one: "Ev\u{180B}il", other: "Evil", narrow: false, broad: true),
        Pair(one: "Ev\u{FE00}il", other: "Evil", narrow: false, broad: true),
        Pair(one: "Evil\u{FE0F}", other: "Evil", narrow: false, broad: true),
        Pair(one: "Evil\u{E0100}", other: "Evil", narrow: false, broad: true),
        Pair(one: "Ev\u{E01EF}il", other: "Evil", narrow: false, broad: true),
        Pair(one: "E\u{FE00}\u{301}", other: "É", narrow: false, broad: true),
        Pair(one: "Ev\u{AD}il", other: "Evil", narrow: false, broad: true),
        Pair(one: "Ev\u{34F}il", other: "Evil", narrow: false, broad: true),
        Pair(one: "Ev\u{1806}il", other: "Evil", narrow: false, broad: true),
        Pair(one: "Ev\u{6DD}il", other: "Evil", narrow: false, broad: true),
        Pair(one: "Ev\u{FFFC}il", other: "Evil", narrow: false, broad: true),
        Pair(one: "Evil\u{3164}", other: "Evil", narrow: false, broad: true),
        Pair(one: "Evil\u{FFA0}", other: "Evil\u{115F}", narrow: false, broad: true),
        Pair(one: "Evil\u{3000}Corp", other: "Evil Corp", narrow: false, broad: true),
        Pair(one: "ΟΔΟΣ", other: "οδος", narrow: false, broad: true),
        Pair(one: "a\u{301}", other: "a", narrow: false, broad: false),
        Pair(one: "a,b", other: "a", narrow: false, broad: false),
    ])
    func `names are equal for all relying parties, for some, or for none`(_ pair: Pair) throws {
        let (one, other) = try (Self.name(pair.one), Self.name(pair.other))
        #expect((one.narrow == other.narrow) == pair.narrow)
        #expect((one.broad == other.broad) == pair.broad)
    }

    @Test func `attributes within a set have no order, but the sets have`() throws {
        let attributes: [RelativeDistinguishedName.Attribute] = [
            .init(type: Self.organization, utf8String: "a"), .init(type: [2, 5, 4, 11], utf8String: "b"),
        ]
        let together = [
            DistinguishedName([RelativeDistinguishedName(attributes)]),
            DistinguishedName([RelativeDistinguishedName(attributes.reversed())]),
        ].map { ComparableName($0) }
        #expect(together[0] == together[1] && together[0] != nil)
        let apart = [
            DistinguishedName(attributes.map { RelativeDistinguishedName($0) }),
            DistinguishedName(attributes.reversed().map { RelativeDistinguishedName($0) }),
        ].map { ComparableName($0) }
        #expect(apart[0] != apart[1])
        #expect(apart[0] != together[0])
    }

    @Test func `string types do not matter, and values that are not strings are not compared`() throws {
        func name(_ tag: UInt8, _ contents: [UInt8]) throws -> ComparableName? {
            let value = try ASN1Any(derEncoded: [tag, UInt8(contents.count)] + contents)
            return ComparableName(
                DistinguishedName([
                    RelativeDistinguishedName(.init(type: Self.organization, value: .init(asn1Any: value)))
                ]))
        }
        let evil = try Self.name("Evil")
        #expect(try name(0x13, Array("Evil".utf8)) == evil)
        // Some relying parties ignore these.
        for old in try [name(0x1E, [0, 0x45, 0, 0x76, 0, 0x69, 0, 0x6C]), name(0x14, Array("Evil".utf8))] {
            #expect(old?.broad == evil.broad && old?.narrow == nil)
        }
        #expect(try name(0x04, Array("Evil".utf8)) == nil)
        #expect(try name(0x1E, [0]) == nil)
    }
}
