import Foundation
import JSON
import Testing

struct JSONMembersTests {
    @Test func `members written one by one have the octets of the whole value`() {
        let value: JSONValue = [
            "a": ["x": "\"\\\n\u{1}é", "y": [1, true, .null], "z": [:]],
            "b": ["": [], "one": ["1"], "two": ["2", "\t"]],
            "c": "text",
        ]
        let text = JSONMembers.text { members in
            members.add("a") { inner in
                inner.add("x", "\"\\\n\u{1}é")
                inner.add("y", [1, true, .null])
                inner.add("z") { _ in }
            }
            members.add(
                "b", lists: [("", TextList([])), ("one", TextList("1")), ("two", TextList(["2", "\t"]))])
            members.add("c", "text")
        }
        #expect(text == value.encoded())
        #expect(JSONMembers.text { _ in } == Data("{}".utf8))
    }

    /// Swift orders and compares texts by canonical equivalence; JSON's canonical order is that of the
    /// octets.
    @Test func `members are ordered by the octets of their names`() {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        let text = JSONMembers.text { members in
            members.add(
                "k", lists: [(composed, TextList("1")), ("f", TextList("2")), (decomposed, TextList("3"))])
        }
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"k":{"\#(decomposed)":["3"],"f":["2"],"\#(composed)":["1"]}}"#)
        #expect(Array(text) == Array(#"{"k":{"\#(decomposed)":["3"],"f":["2"],"\#(composed)":["1"]}}"#.utf8))
    }
}
