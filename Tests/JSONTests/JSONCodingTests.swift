import Foundation
import JSON
import Testing

struct JSONCodingTests {
    private struct Shape: Codable, Hashable {
        struct Inner: Codable, Hashable {
            var value: Int64
        }

        var text: String
        var missing: String?
        var flags: [Bool]
        var inner: [Inner]
        var tags: [String: String]
        var deep: [String: Inner]
        var time: Date
        var share: Double
    }

    private static let encoder = JSONValueEncoder(member: { $0.uppercased() })
    private static let decoder = JSONValueDecoder(member: { $0.uppercased() }, key: { $0.lowercased() })

    @Test func `an encoded value is decoded, and names that are data are unchanged`() throws {
        let shape = Shape(
            text: "a\u{0}\"\\\n\u{1F600}", flags: [true, false],
            inner: [.init(value: .max), .init(value: -1)],
            tags: ["aB": "c"], deep: ["key": .init(value: 7)], time: Date(timeIntervalSince1970: 1.5),
            share: 0.1)
        let value = try Self.encoder.encode(shape)
        #expect(value["TAGS"] == ["aB": "c"])
        #expect(value["DEEP"] == ["key": ["VALUE": 7]])
        #expect(value["MISSING"] == nil)
        let bytes = value.encoded()
        // Another JSON reader finds the same.
        let seen = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        #expect(seen["TEXT"] as? String == shape.text)
        #expect(seen["SHARE"] as? Double == 0.1)
        #expect(try Self.decoder.decode(Shape.self, from: try JSONValue(parsing: bytes)) == shape)
    }

    @Test(arguments: [
        (#"{"VALUE": "1"}"#, "typeMismatch"), (#"{"VALUE": 1.5}"#, "dataCorrupted"),
        (#"{"VALUE": 9223372036854775808}"#, "dataCorrupted"), (#"{"VALUE": null}"#, "valueNotFound"),
        (#"{"value": 1}"#, "keyNotFound"), ("[1]", "typeMismatch"),
    ])
    func `a value that does not fit is an error of the right kind`(_ text: String, _ kind: String) throws {
        let error = #expect(throws: DecodingError.self) {
            try Self.decoder.decode(Shape.Inner.self, from: try JSONValue(parsing: Data(text.utf8)))
        }
        #expect("\(try #require(error))".contains(kind) || String(reflecting: error).contains(kind))
    }

    private static func decode(_ text: String, _ unknown: UnknownMembers) throws -> Shape {
        try decoder.decode(Shape.self, from: try JSONValue(parsing: Data(text.utf8)), unknown: unknown)
    }

    private static func shape(_ more: String, inner: String = "") -> String {
        #"{"TEXT": "a", "FLAGS": [], "INNER": [{"VALUE": 1\#(inner)}], "TAGS": {"text": "b", "Text": "c"}, "#
            + #""DEEP": {}, "TIME": 1, "SHARE": 1\#(more)}"#
    }

    @Test(arguments: ["text", "Text", "tEXT", "missing", "Missing", "\u{17F}hare"])
    func `a member that differs only in case is refused`(_ name: String) throws {
        let error = #expect(throws: UnknownMember.self) {
            _ = try Self.decode(Self.shape(#", "\#(name)": "x""#), .refusedCaseVariants)
        }
        #expect(error?.known != nil)
        _ = try Self.decode(Self.shape(#", "\#(name)": "x""#), .ignored)
        #expect(throws: UnknownMember.self) {
            _ = try Self.decode(Self.shape(#", "\#(name)": "x""#), .refused)
        }
    }

    @Test func `a required member under another name is missing`() throws {
        let text = Self.shape("").replacing("\"SHARE\"", with: "\"Share\"")
        let error = #expect(throws: DecodingError.self) { _ = try Self.decode(text, .refusedCaseVariants) }
        guard case .keyNotFound? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `nested members are checked, and names that are data are not`() throws {
        let error = #expect(throws: UnknownMember.self) {
            _ = try Self.decode(Self.shape("", inner: #", "Value": 2"#), .refusedCaseVariants)
        }
        #expect(error?.description == "the member `INNER.1.Value` is not known; the known one is `VALUE`")
        let strict = #expect(throws: UnknownMember.self) {
            _ = try Self.decode(Self.shape("", inner: #", "other\u0007": 2"#), .refused)
        }
        #expect(strict?.description == "the member `INNER.1.other\\u{7}` is not known")
        _ = try Self.decode(Self.shape(#", "OTHER": 1"#, inner: #", "others": 2"#), .refusedCaseVariants)
        _ = try Self.decode(Self.shape(""), .refused)
    }

    @Test func `a type without members refuses such members too`() throws {
        struct Empty: Decodable {}
        struct Outer: Decodable { var empty: Empty? }
        let value = try JSONValue(parsing: Data(#"{"other": 1}"#.utf8))
        _ = try JSONValueDecoder().decode(Empty.self, from: value, unknown: .refusedCaseVariants)
        _ = try JSONValueDecoder().decode(Empty.self, from: [:], unknown: .refused)
        let error = #expect(throws: UnknownMember.self) {
            _ = try JSONValueDecoder().decode(Empty.self, from: value, unknown: .refused)
        }
        #expect(error?.description == "the member `other` is not known")
        let inner = #expect(throws: UnknownMember.self) {
            _ = try JSONValueDecoder().decode(Outer.self, from: ["empty": value], unknown: .refused)
        }
        #expect(inner?.description == "the member `empty.other` is not known")
    }

    @Test func `a whole number may have a fraction of zero`() throws {
        let value = try JSONValue(parsing: Data(#"{"VALUE": 1.0}"#.utf8))
        #expect(try Self.decoder.decode(Shape.Inner.self, from: value).value == 1)
    }

    @Test func `a number that does not fit is an error with its place`() {
        let error = #expect(throws: EncodingError.self) {
            try Self.encoder.encode(["outer": ["inner": UInt64.max]])
        }
        guard case .invalidValue(let value, let context)? = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(value as? UInt64 == .max)
        #expect(context.codingPath.map(\.stringValue) == ["outer", "inner"])
    }

    @Test func `no memory of the encoder leaks`() throws {
        final class Kept: Sendable {}
        weak var left: Kept?
        do {
            let kept = Kept()
            left = kept
            let key = try #require(CodingUserInfoKey(rawValue: "kept"))
            let encoder = JSONValueEncoder(userInfo: [key: kept])
            #expect(try encoder.encode(["a": ["b": [Shape.Inner(value: 1)]]]) == ["a": ["b": [["value": 1]]]])
        }
        #expect(left == nil)
    }
}
