import StrictYAML
import Testing

/// Scalars are read literally: the form of a value does not change its type.
struct ScalarTests {
    struct Text: Sendable, CustomTestStringConvertible {
        let written: String
        let read: String
        var testDescription: String { written }
    }

    static let texts = [
        Text(written: "0660", read: "0660"), Text(written: "0o660", read: "0o660"),
        Text(written: "000000000042", read: "000000000042"), Text(written: "1_000", read: "1_000"),
        Text(written: "yes", read: "yes"), Text(written: "no", read: "no"), Text(written: "off", read: "off"),
        Text(written: "true", read: "true"), Text(written: "~", read: "~"),
        Text(written: "null", read: "null"),
        Text(written: "12:30:45", read: "12:30:45"), Text(written: "1e3", read: "1e3"),
        Text(written: "0x1F", read: "0x1F"), Text(written: ".inf", read: ".inf"),
        Text(written: "2001-12-14", read: "2001-12-14"), Text(written: "\"a\\tb\"", read: "a\tb"),
        Text(written: "'it''s'", read: "it's"), Text(written: "a # comment", read: "a"),
        Text(written: "a#b", read: "a#b"), Text(written: "", read: ""),
        Text(written: "|\n  a\n  b", read: "a\nb\n"),
        Text(written: "!!int 7", read: "7"),
    ]

    @Test(arguments: texts)
    func `a text is read as it is written`(_ text: Text) throws {
        #expect(try Reading("name: \(text.written)\n".utf8)?.name == text.read)
    }

    @Test func `a missing text with a default has the default`() throws {
        #expect(try Reading("name: a\ninner: {}\n".utf8)?.mode == "0640")
        #expect(try Reading("name: a\ninner: {mode: 0600}\n".utf8)?.mode == "0600")
        #expect(try Reading("name: a\n".utf8)?.mode == nil)
    }

    @Test(arguments: ["1", "10", "007", "\"3\"", "+4"])
    func `a number in its range is read`(_ written: String) throws {
        let digits = written.filter { ("0"..."9").contains($0) }
        #expect(try Reading("name: a\ncount: \(written)\n".utf8)?.count == Int(digits))
    }

    @Test(arguments: [
        "0", "11", "-1", "99999999999999999999", "0x3", "0o3", "3.0", "3e0", "1_0", "\" 3\"", "three", "~",
        "", "[3]",
        "{3: 3}", "٣", "true",
    ])
    func `a malformed number or one out of range is a fault`(_ written: String) {
        #expect(
            Reading.faults("name: a\ncount: \(written)\n".utf8)
                == ["f.yaml:2: `count` must be a number from 1 to 10"])
    }

    @Test func `only true and false are Booleans`() throws {
        #expect(try Reading("name: a\non: true\n".utf8)?.isOn == true)
        #expect(try Reading("name: a\non: false\n".utf8)?.isOn == false)
        for written in ["yes", "no", "on", "off", "y", "True", "TRUE", "1", "0", "~", "", "[true]"] {
            #expect(
                Reading.faults("name: a\non: \(written)\n".utf8) == [
                    "f.yaml:2: `on` must be `true` or `false`"
                ])
        }
    }
}
