/// The members of a JSON object, always in the order of their names' UTF-8. Equal objects therefore have the
/// same bytes, without sorting again.
///
/// Names are equal when their bytes are (RFC 8259, section 8.3). Swift's strings are not used for this: they
/// compare canonically equivalent names as equal.
public struct JSONObject: Sendable, Hashable {
    fileprivate struct Member: Sendable, Hashable {
        let name: String
        var value: JSONValue
    }

    private var members: [Member] = []

    /// No members.
    public init() {}

    /// - Parameter members: in any order. If a name is repeated, the last member counts
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.members = members.map { Member(name: $0.0, value: $0.1) }
        sort()
    }

    private mutating func sort() {
        // Members that are in order already need no sorting.
        if Self.isInOrder(members) { return }
        // A stable sort: the last of equal names stays last.
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

    /// The value of a member; nil when there is none. Assigning nil removes the member.
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

    /// The names, in order.
    public var names: some Sequence<String> { members.lazy.map(\.name) }

    /// The values, in the order of their names.
    public var values: some Sequence<JSONValue> { members.lazy.map(\.value) }

    /// Adds the members of `other`, which replace members with the same name.
    public mutating func merge(_ other: JSONObject) {
        members += other.members
        sort()
    }

    /// The members of both objects. Those of `other` replace members with the same name.
    public func merging(_ other: JSONObject) -> JSONObject {
        var merged = self
        merged.merge(other)
        return merged
    }

    /// The index of the member, or the index at which to insert it.
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
    /// Compares the UTF-8 of both.
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
