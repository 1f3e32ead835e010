import Foundation
import JSON
import Testing

struct JSONParserTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let value: JSONValue
        var testDescription: String { text }
    }

    static let accepted = [
        Case(text: "null", value: .null),
        Case(text: " [ true , false ] ", value: [true, false]),
        Case(text: "-0", value: 0),
        Case(text: "9223372036854775807", value: .integer(.max)),
        Case(text: "9223372036854775808", value: .number(9_223_372_036_854_775_808)),
        Case(text: "-1.5e3", value: .number(-1500)),
        Case(text: #"{"a": {"b": [1, "x"]}, "c": {}}"#, value: ["a": ["b": [1, "x"]], "c": [:]]),
        Case(text: #""\u00e4\ud83d\ude00\n\"\/""#, value: .string("ä😀\n\"/")),
        Case(text: "\"å\"", value: "å"), Case(text: #""a\nb""#, value: "a\nb"),
        Case(text: #""\nb\n""#, value: "\nb\n"), Case(text: #""\\""#, value: #"\"#),
        Case(text: #""""#, value: ""),
    ]

    @Test(arguments: accepted)
    func `everything that RFC 8259 allows is read`(_ entry: Case) throws {
        #expect(try JSONValue(parsing: entry.text.utf8) == entry.value)
    }

    static let refused: [(text: String, reason: String)] = [
        ("", "a value is missing"), ("[1,]", "a value is missing"), ("[1 2]", "a comma or a closing bracket"),
        (#"{"a" 1}"#, "a colon is missing"), (#"{"a": 1"#, "a comma or a closing brace"),
        ("{a: 1}", "the name of a member"),
        (#"{"a": 1, "a": 2}"#, "the member `a` is there twice"),
        (#"{"a": {"b": 1, "b": 1}}"#, "the member `b` is there twice"),
        // As one character, and as a letter with an accent.
        ("{\"\u{E9}\": 1, \"z\": 2, \"e\u{301}\": 3}", "the member `e\u{301}` is there twice"),
        ("01", "not one JSON has"), ("+1", "not one JSON has"), (".5", "not one JSON has"),
        ("1.", "not one JSON has"),
        ("1e999", "too large"), ("NaN", "not one JSON has"), ("tru", "not one JSON has"),
        ("1 2", "after the end"),
        (#""abc"#, "does not end"), (#""\x""#, "an escape that JSON does not have"),
        (#""\u12g4""#, "four hexadecimal"), (#""\u+041""#, "four hexadecimal"),
        (#""\ud800""#, "half a surrogate"), (#""\udc00""#, "half a surrogate"),
        ("\"\t\"", "control character"), ("\"\\n\t\"", "control character"),
        (#""a\n"#, "does not end"), (#""\"#, "does not end"), (#""a\"#, "does not end"),
        (String(repeating: "[", count: 100_000), "nested more than 64 deep"),
    ]

    @Test func `input that RFC 8259 forbids, or that is ambiguous, is refused`() {
        for (text, reason) in Self.refused {
            let fault = #expect(throws: JSONFault.self, "\(text.prefix(40))") {
                try JSONValue(parsing: text.utf8)
            }
            #expect(
                fault?.reason.contains(reason) == true, "\(text.prefix(40)): \(String(describing: fault))")
        }
        // Literally, and as an escape.
        for octets: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22]] {
            let fault = #expect(throws: JSONFault.self) { try JSONValue(parsing: octets) }
            #expect(fault?.reason.contains("not UTF-8") == true)
        }
    }

    @Test func `a fault names its line`() {
        let fault = #expect(throws: JSONFault.self) { try JSONValue(parsing: "{\n\n  \"a\": x\n}".utf8) }
        #expect(fault?.line == 3)
    }

    @Test func `random octets are refused without a trap, and accepted input is stable when read again`()
        throws
    {
        let alphabet = Array(#"{}[],:"\u0123eE+-. truefalsn"#.utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24)).map { _ in alphabet.randomElement() ?? 0 }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            let written = value.encoded()
            #expect(try JSONValue(parsing: written).encoded() == written)
        }
    }
}

struct JSONLinesTests {
    @Test func `values are found with their lines`() {
        let text = """
            {
              "Version": "2012-10-17",
              "Statement": [
                {"Effect": "Allow", "Action": [
                  "a",
                  "b, \\"]}" ]},
                { "Sid": "x:{",
                  "Effect":
                    "Deny", "Condition": {"Bool": {"aws:SecureTransport": true}}}
              ]
            }
            """
        let lines = JSONLines(Data(text.utf8))
        let expected = [
            ("", 1), ("Version", 2), ("Statement", 3), ("Statement[0]", 4), ("Statement[0].Action", 4),
            ("Statement[0].Action[1]", 6), ("Statement[1]", 7), ("Statement[1].Sid", 7),
            ("Statement[1].Effect", 9),
            ("Statement[1].Condition.Bool", 9), ("Statement[1].Missing", 7), ("Nothing", 1),
        ]
        for (path, line) in expected { #expect(lines.line(of: path) == line, "\(path)") }
        // It terminates on any input.
        for broken in ["", "{", "[[[", "{\"a\"", "\"\\", "}", "{]", "[}"] { _ = JSONLines(Data(broken.utf8)) }
    }
}

struct JSONObjectTests {
    @Test func `members are ordered by their names, independent of the input`() throws {
        let literal: JSONObject = ["b": 2, "a": 1, "c": 3]
        var built = JSONObject([("c", 3), ("a", 0), ("b", 2), ("a", 1)])
        #expect(built == literal)
        #expect(built.map(\.name) == ["a", "b", "c"])
        #expect(Array(built.names) == ["a", "b", "c"])
        #expect(Array(built.values) == [1, 2, 3])
        built["d"] = 4
        built["aa"] = 5
        built["b"] = nil
        built["nobody"] = nil
        #expect(built["b"] == nil && built["d"] == 4 && built.count == 4)
        #expect(JSONValue.object(built).encoded() == Data(#"{"a":1,"aa":5,"c":3,"d":4}"#.utf8))
    }

    @Test func `merged members replace existing ones`() {
        let merged = (["b": 1, "a": 1] as JSONObject).merging(["c": 2, "b": 2])
        #expect(merged == ["a": 1, "b": 2, "c": 2])
        #expect(JSONObject().merging([:]).isEmpty)
    }

    @Test func `names are compared by their octets and keep their order`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let pairs = (0..<Int.random(in: 0...40)).map { _ in
                let parts = (0..<Int.random(in: 0...3)).map { _ in
                    ["a", "B", "é", "e\u{301}", "\u{10FFFF}", "_", "0"].randomElement(using: &generator) ?? ""
                }
                return (parts.joined(), JSONValue.integer(.random(in: 0...9)))
            }
            let object = JSONObject(pairs)
            let last = Dictionary(pairs.map { (Array($0.0.utf8), $0.1) }) { $1 }
            let names = object.names.map { Array($0.utf8) }
            #expect(names == last.keys.sorted { $0.lexicographicallyPrecedes($1) })
            for (name, value) in pairs { #expect(object[name] == last[Array(name.utf8)], "\(value)") }
        }
    }
}
