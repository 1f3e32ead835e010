import Foundation
import StrictYAML
import Testing

/// YAML beyond mappings, lists and scalars, and files that are not YAML.
struct DocumentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let octets: [UInt8]
        let line: Int?
        let message: String

        init(_ testDescription: String, _ yaml: String, line: Int?, _ message: String) {
            self.init(testDescription, Array(yaml.utf8), line: line, message)
        }

        init(_ testDescription: String, _ octets: [UInt8], line: Int?, _ message: String) {
            self.testDescription = testDescription
            self.octets = octets
            self.line = line
            self.message = message
        }
    }

    static let refused = [
        Case("nothing", "", line: nil, "the file is empty"),
        Case("blank lines", "\n\n  \n", line: nil, "the file is empty"),
        Case("a comment alone", "# name: a\n", line: nil, "the file is empty"),
        Case("a byte order mark alone", "\u{FEFF}", line: nil, "the file is empty"),
        Case("an empty document", "---\n", line: 2, "the file must be a mapping of keys to values"),
        Case(
            "two documents", "name: a\n---\nname: b\n", line: 2, "not valid YAML: but found another document"),
        Case(
            "an empty second document", "name: a\n---\n", line: 2,
            "not valid YAML: but found another document"),
        Case("an unknown alias", "name: *a\n", line: 1, "not valid YAML: found undefined alias"),
        Case(
            "an alias to its own parent", "name: a\nlist: &l [*l]\n", line: 2,
            "not valid YAML: found undefined alias"),
        Case(
            "a merge key", "name: a\ninner:\n  <<: {mode: x}\n", line: 3,
            "unknown key `inner.<<`; known are mode"),
        Case(
            "a tab as indentation", "name: a\ninner:\n\tmode: x\n", line: 3, "not valid YAML: found character"
        ),
        Case(
            "an open quote", "count: 2\nname: \"a\n", line: 3,
            "not valid YAML: found unexpected end of stream"),
        Case("an open list", "name: a\nlist: [a\n", line: 3, "not valid YAML: did not find expected"),
        Case(
            "a value after a value", "name: a\n  b: c\n", line: 2,
            "not valid YAML: mapping values are not allowed"),
        Case("JSON cut off", "{\"name\": \"a\"", line: 2, "not valid YAML: did not find expected"),
        Case("a NUL", "name: a\u{0}\n", line: nil, "not valid YAML"),
        Case("a control character", "name: \u{1}\n", line: nil, "not valid YAML"),
        Case(
            "octets that are not UTF-8", Array("count: 2\nname: a".utf8) + [0xFF, 0x0A], line: 2, "not UTF-8"),
        Case("Latin-1", Array("name: M".utf8) + [0xFC] + Array("ller\n".utf8), line: 1, "not UTF-8"),
        Case("a surrogate", Array("name: ".utf8) + [0xED, 0xA0, 0x80], line: 1, "not UTF-8"),
        Case("a slash in two octets", Array("name: ".utf8) + [0xC0, 0xAF], line: 1, "not UTF-8"),
        Case("UTF-16", [0xFF, 0xFE, 0x61, 0, 0x3A, 0], line: 1, "not UTF-8"),
    ]

    @Test(arguments: refused)
    func `a file that is not one strict document is refused`(_ value: Case) {
        let error = #expect(throws: StrictYAMLError.self) { try Reading(value.octets) }
        let fault = error?.faults.first
        #expect(fault?.line == value.line, "\(String(describing: error))")
        #expect(fault?.message.hasPrefix(value.message) == true, "\(String(describing: error))")
    }

    @Test func `an alias has the value of its anchor`() throws {
        #expect(try Reading("name: &n a\nlist: [*n, b]\n".utf8)?.list == ["a", "b"])
        // YAML 1.2, section 7.1: of two anchors with one name, the last one before the alias applies.
        #expect(try Reading("list: [&n a, &n b]\nname: *n\n".utf8)?.name == "b")
    }

    @Test func `a document may have markers, a byte order mark and other line ends`() throws {
        for yaml in [
            "---\nname: a\n...\n", "\u{FEFF}name: a\n", "name: a\r\ncount: 1\r\n", "{\"name\": \"a\"}",
        ] {
            #expect(try Reading(yaml.utf8)?.name == "a", "\(yaml.debugDescription)")
        }
    }

    struct Nesting: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let open: String
        let close: String
    }

    static let nests = [
        Nesting(testDescription: "lists", open: "[", close: "]"),
        Nesting(testDescription: "mappings", open: "{a: ", close: "}"),
        Nesting(testDescription: "lists of blocks", open: "- ", close: ""),
        Nesting(testDescription: "keys", open: "? ", close: ""),
    ]

    /// A stack overflow would end the test run.
    @Test(arguments: nests)
    func `a file with excessive nesting is refused without following it to the end`(_ nest: Nesting) {
        func nested(_ depth: Int) -> String {
            String(repeating: nest.open, count: depth) + "x" + String(repeating: nest.close, count: depth)
        }
        for depth in [2000, 100_000] {
            let yaml = "name: a\nlist:\n  \(nested(depth))\n"
            let faults = Reading.faults(yaml.utf8)
            #expect(faults.count == 1 && faults[0].contains("not valid YAML"), "\(faults.first ?? "none")")
        }
    }

    @Test func `a reader that returns nothing is an error`() {
        #expect(throws: StrictYAMLError.self) {
            try StrictFile.parse(Data("a: b".utf8), named: "f", directory: URL(fileURLWithPath: "/")) {
                _, _, _ -> Int? in nil
            }
        }
    }
}
