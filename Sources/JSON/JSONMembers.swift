public import Foundation

/// Writes the members of an object one after the other, straight into bytes, for texts that are made so often that a
/// ``JSONValue`` in between would be felt. The bytes are those that ``JSONValue/encoded()`` would give.
///
/// Members are added in the order of their names' UTF-8, each once: a build for tests stops where they are not.
public struct JSONMembers {
    private var writer = JSONWriter(isIndented: false, capacity: 4096)
    private var isFirst = true
    /// The name of the member before, in a build for tests.
    private var last: String?

    private init() {}

    /// The text of an object.
    public static func text(_ body: (inout JSONMembers) -> Void) -> Data {
        var members = JSONMembers()
        members.braced(body)
        return Data(members.writer.bytes)
    }

    public mutating func add(_ name: String, _ value: JSONValue) {
        begin(name)
        writer.write(value)
    }

    public mutating func add(_ name: String, _ text: String) {
        begin(name)
        writer.write(text)
    }

    /// A member that is an object.
    public mutating func add(_ name: String, _ body: (inout JSONMembers) -> Void) {
        begin(name)
        let outer = last
        braced(body)
        isFirst = false
        last = outer
    }

    /// A member that is an object of lists of texts, which may be in any order; each name is there once.
    public mutating func add(_ name: String, lists: [(key: String, values: TextList)]) {
        let isInOrder = lists.indices.dropFirst().allSatisfy { lists[$0 - 1].key.precedes(lists[$0].key) }
        let lists = isInOrder ? lists : lists.sorted { $0.key.precedes($1.key) }
        add(name) { members in
            for (name, texts) in lists {
                members.begin(name)
                members.writer.write(texts)
            }
        }
    }

    private mutating func begin(_ name: String) {
        assert(isBehindLast(name), "`\(name)` is written behind `\(last ?? "")`")
        writer.begin(name, isFirst: isFirst)
        isFirst = false
    }

    private mutating func isBehindLast(_ name: String) -> Bool {
        defer { last = name }
        return last?.precedes(name) ?? true
    }

    private mutating func braced(_ body: (inout JSONMembers) -> Void) {
        isFirst = true
        last = nil
        writer.append("{")
        body(&self)
        writer.append("}")
    }
}
