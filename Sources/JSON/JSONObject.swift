/// The members of a JSON object, always in the order of their names' UTF-8, so that the same members have the same bytes
/// without being sorted again.
///
/// Names are the same when their bytes are (RFC 8259, section 8.3), not when they look the same: the order of Swift's strings
/// knows the latter, and is no order for texts that are not normalized.
public struct JSONObject: Sendable, Hashable {
    fileprivate struct Member: Sendable, Hashable {
        let name: String
        var value: JSONValue
    }

    private var members: [Member] = []

    /// No members.
    public init() {}

    /// - Parameter members: in any order; of several with one name the last counts
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.members = members.map { Member(name: $0.0, value: $0.1) }
        sort()
    }

    private mutating func sort() {
        // A caller that adds many members in their order avoids this.
        if Self.isInOrder(members) { return }
        // Stable: what came last is last among equals.
        members.sort { $0.name.precedes($1.name) }
        var kept = 0
        for place in members.indices {
            if place > 0, !members[kept].name.precedes(members[place].name) {
                members[kept] = members[place]
            } else {
                if place > 0 { kept += 1 }
                members[kept] = members[place]
            }
        }
        members.removeSubrange((kept + 1)...)
    }

    private static func isInOrder(_ members: [Member]) -> Bool {
        for place in members.indices.dropFirst()
        where !members[place - 1].name.precedes(members[place].name) { return false }
        return true
    }

    /// The value of a member; nil when it is not there. Setting it to nil takes it out.
    public subscript(name: String) -> JSONValue? {
        get {
            let place = place(of: name)
            return hasMember(name, at: place) ? members[place].value : nil
        }
        set {
            let place = place(of: name)
            switch (newValue, hasMember(name, at: place)) {
            case (let value?, true): members[place].value = value
            case (let value?, false): members.insert(Member(name: name, value: value), at: place)
            case (nil, true): members.remove(at: place)
            case (nil, false): break
            }
        }
    }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }

    /// The names, in their order.
    public var names: some Sequence<String> { members.lazy.map(\.name) }

    /// In the order of their names.
    public var values: some Sequence<JSONValue> { members.lazy.map(\.value) }

    /// Takes over what `other` has; what both have is then the other's.
    public mutating func merge(_ other: JSONObject) {
        members += other.members
        sort()
    }

    /// This and what `other` has, which wins.
    public func merging(_ other: JSONObject) -> JSONObject {
        var merged = self
        merged.merge(other)
        return merged
    }

    /// Where the member is, or would be.
    private func place(of name: String) -> Int {
        var (low, high) = (0, members.count)
        while low < high {
            let middle = (low + high) / 2
            if members[middle].name.precedes(name) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func hasMember(_ name: String, at place: Int) -> Bool {
        place < members.count && !name.precedes(members[place].name)
    }
}

extension String {
    /// In the order of their UTF-8.
    func precedes(_ other: String) -> Bool {
        let (own, others) = (utf8.span, other.utf8.span)
        for place in 0..<min(own.count, others.count) where own[place] != others[place] {
            return own[place] < others[place]
        }
        return own.count < others.count
    }
}

extension JSONObject: Sequence {
    public struct Iterator: IteratorProtocol {
        fileprivate var members: IndexingIterator<[Member]>

        public mutating func next() -> (name: String, value: JSONValue)? {
            members.next().map { ($0.name, $0.value) }
        }
    }

    public func makeIterator() -> Iterator { Iterator(members: members.makeIterator()) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
