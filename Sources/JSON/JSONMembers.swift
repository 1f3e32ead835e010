public import Foundation

/// Writes the members of an object directly into bytes, for texts that are made so often that building a
/// ``JSONValue`` would cost noticeable time. The bytes equal those of ``JSONValue/encoded()``.
///
/// Members must be added in the order of their names' UTF-8, each once. A debug build checks that.
public struct JSONMembers {
    private var writer = JSONWriter(isIndented: false, capacity: 4096)
    private var isFirst = true
    /// The name of the previous member, for the check in a debug build.
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

    /// Adds a member whose value is an object.
    public mutating func add(_ name: String, _ body: (inout JSONMembers) -> Void) {
        begin(name)
        let outer = last
        braced(body)
        isFirst = false
        last = outer
    }

    /// Adds a member whose value is an object of lists of texts. The lists may be in any order; their names
    /// must differ.
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
