import PKIX
import SwiftASN1
import Testing
import VisibleText
import X509

/// Names in the form of AWS Private CA's audit reports.
struct DistinguishedNameTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let name: DistinguishedName
        let text: String
    }

    private static func name(_ parts: [RelativeDistinguishedName.Attribute]...) -> DistinguishedName {
        DistinguishedName(parts.map { RelativeDistinguishedName($0) })
    }

    private static func commonName(_ text: String) -> RelativeDistinguishedName.Attribute {
        .init(type: [2, 5, 4, 3], utf8String: text)
    }

    static let samples: [Sample] = [
        Sample(testDescription: "an empty name", name: DistinguishedName(), text: ""),
        Sample(
            testDescription: "the last attribute comes first",
            name: name(
                [.init(type: [2, 5, 4, 6], utf8String: "US")],
                [.init(type: [2, 5, 4, 8], utf8String: "Washington")],
                [.init(type: [2, 5, 4, 10], utf8String: "Example Company")], [commonName("www.example1.com")]),
            text: "CN=www.example1.com,O=Example Company,ST=Washington,C=US"),
        Sample(
            testDescription: "several attributes in one set, in the order of the encoding",
            name: name([.init(type: [2, 5, 4, 11], utf8String: "a"), commonName("b")]), text: "CN=b+OU=a"),
        Sample(
            testDescription: "RFC 2253, section 5: characters that must be escaped",
            name: name(
                [.init(type: [2, 5, 4, 10], utf8String: "Sue, Grabbit and Runn")], [commonName("L. Eagle")]),
            text: "CN=L. Eagle,O=Sue\\, Grabbit and Runn"),
        Sample(
            testDescription: "special characters, blanks at the ends and a NUL",
            name: name([commonName("  #a=b+<c>;\"\\ d\0 ")]),
            text: "CN=\\ \\ \\#a\\=b\\+\\<c\\>\\;\\\"\\\\ d\\00\\ "),
        Sample(testDescription: "other scripts", name: name([commonName("Müller 世界")]), text: "CN=Müller 世界"),
    ]

    @Test(arguments: samples)
    func `names are written as in RFC 2253`(_ sample: Sample) {
        #expect(sample.name.rfc2253 == sample.text)
    }

    @Test(
        arguments: samples.map(\.name) + [
            name([commonName("a b")], [commonName("a")], [commonName("")]), name([commonName(" a")]),
            name([commonName("#a")]), name([commonName("a ")]), name([commonName(" ")]),
            name([commonName("ü")]),
            name([.init(type: [0, 9, 2342, 19_200_300, 100, 1, 25], utf8String: "test")]),
            name([.init(type: [2, 5, 4, 7], utf8String: "L"), .init(type: [2, 5, 4, 5], utf8String: "1")]),
        ])
    func `names are written as in RFC 4514, like the library does`(_ name: DistinguishedName) {
        // Except for NUL, which the library does not escape.
        #expect(name.rfc4514 == name.description.replacing("\0", with: "\\00"))
    }

    @Test(arguments: [
        ("x\nIssuer", "CN=x\\0AIssuer", "CN=x\\0AIssuer", "CN=x\\0AIssuer"),
        ("\u{1B}[2J", "CN=\\1B[2J", "CN=\\1B[2J", "CN=\\1B[2J"),
        ("a\r\n", "CN=a\\0D\\0A", "CN=a\\0D\\0A", "CN=a\\0D\\0A"),
        ("a\u{9B}b", "CN=a\\C2\\9Bb", "CN=a\\C2\\9Bb", "CN=a\\C2\\9Bb"),
        ("\u{202E}a,b", "CN=\\E2\\80\\AEa\\,b", "CN=\\E2\\80\\AEa\\,b", "CN=\\E2\\80\\AEa\\,b"),
        ("#a  b ", "CN=\\#a  b\\ ", "CN=\\#a  b\\ ", "CN=\\#a \\20b\\20"),
        ("\0", "CN=\\00", "CN=\\00", "CN=\\00"), ("Åsa 日本 😀", "CN=Åsa 日本 😀", "CN=Åsa 日本 😀", "CN=Åsa 日本 😀"),
        ("x\"\u{301}\n", "CN=x\\\"\u{301}\\0A", "CN=x\\\"\u{301}\\0A", "CN=x\\\"\u{301}\\0A"),
    ])
    func `invisible and control characters become pairs of hexadecimal digits`(
        _ value: String, rfc2253: String, rfc4514: String, visible: String
    ) {
        let name = Self.name([Self.commonName(value)])
        #expect(name.rfc2253.unicodeScalars.elementsEqual(rfc2253.unicodeScalars), "\(name.rfc2253)")
        #expect(name.rfc4514.unicodeScalars.elementsEqual(rfc4514.unicodeScalars), "\(name.rfc4514)")
        #expect(name.visible.text.unicodeScalars.elementsEqual(visible.unicodeScalars), "\(name.visible)")
    }

    @Test func `a value that is not text is written as its DER`() throws {
        let name = Self.name([
            .init(
                type: [2, 5, 4, 3],
                value: try ASN1Any(erasing: 5))
        ])
        #expect(name.rfc4514 == "CN=#020105")
        #expect(name.visible.text == "CN=#020105")
    }

    @Test func `attributes without a keyword are written as the DER of their values`() throws {
        let name = Self.name(
            [try .init(type: [2, 5, 4, 5], printableString: "0123")],
            [try .init(type: [1, 2, 840, 113_549, 1, 9, 1], ia5String: "somebody@test.com")],
            [.init(type: [2, 5, 4, 42], utf8String: "ü")])
        #expect(
            name.rfc2253
                == "2.5.4.42=#0c02c3bc,1.2.840.113549.1.9.1=#1611736f6d65626f647940746573742e636f6d,2.5.4.5=#130430313233"
        )
    }

    @Test func `values of rare types are text or hexadecimal`() throws {
        func attribute(_ der: [UInt8]) throws -> RelativeDistinguishedName.Attribute {
            .init(type: [2, 5, 4, 3], value: .init(asn1Any: try ASN1Any(derEncoded: der)))
        }
        let name = DistinguishedName([
            RelativeDistinguishedName(try attribute([0x1E, 4, 0, 0x61, 0, 0x2C])),
            RelativeDistinguishedName(try attribute([0x04, 1, 0x61])),
        ])
        #expect(name.rfc4514 == "CN=#040161,CN=a\\,")
    }
}
