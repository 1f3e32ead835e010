public import JSON
internal import PKIX

/// Facts of a request and of its caller: condition keys and their values. Keys are compared without regard to
/// case.
public struct ConditionContext: Sendable, Hashable {
    private struct Entry: Sendable, Hashable {
        /// In lower case.
        let key: String
        var values: TextList
    }

    /// Sorted by key. With about thirty keys a binary search costs less than hashing, and events need no
    /// sorting.
    private var list: [Entry] = []
    /// The source of `aws:CurrentTime` and `aws:EpochTime`, which are formatted only when a policy uses them.
    var time: CivilTime?

    public init() {
        // Enough capacity for a usual request.
        list.reserveCapacity(36)
    }

    /// The values of a key; nil when the request does not have it. A key may have no values.
    public subscript(key: String) -> [String]? {
        get { stored(Self.lowercased(key)) }
        set { put(newValue.map { TextList($0) }, key) }
    }

    /// All entries by key in lower case, sorted by key.
    public var entries: [(key: String, values: [String])] { list.map { ($0.key, $0.values.array) } }

    /// The entries with at least one value.
    public var entriesWithValues: [(key: String, values: TextList)] {
        var entries: [(key: String, values: TextList)] = []
        entries.reserveCapacity(list.count)
        for entry in list where !entry.values.isEmpty { entries.append((entry.key, entry.values)) }
        return entries
    }

    /// The values of a key that is already in lower case.
    func values(lowercased key: String) -> [String]? {
        if let values = stored(key) { return values }
        switch key {
        case "aws:currenttime": return time.map { ["\($0)"] }
        case "aws:epochtime": return time.map { ["\($0.secondsSinceEpoch)"] }
        default: return nil
        }
    }

    /// Adds the keys of `other` that this context lacks.
    mutating func fill(from other: ConditionContext) {
        var merged: [Entry] = []
        merged.reserveCapacity(list.count + other.list.count)
        var place = 0
        for entry in other.list {
            while place < list.count, list[place].key < entry.key {
                merged.append(list[place])
                place += 1
            }
            if place == list.count || list[place].key != entry.key { merged.append(entry) }
        }
        merged += list[place...]
        list = merged
    }

    public mutating func set(_ key: String, _ value: String) { put(TextList(value), key) }

    private mutating func put(_ values: TextList?, _ key: String) {
        let key = Self.lowercased(key)
        let (place, isThere) = find(key)
        switch (values, isThere) {
        case (let values?, true): list[place].values = values
        case (let values?, false): list.insert(Entry(key: key, values: values), at: place)
        case (nil, true): list.remove(at: place)
        case (nil, false): break
        }
    }

    private func stored(_ lowercased: String) -> [String]? {
        let (place, isThere) = find(lowercased)
        return isThere ? list[place].values.array : nil
    }

    /// The place of a key in `list`, or the place to insert it.
    private func find(_ key: String) -> (place: Int, isThere: Bool) {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if list[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return (low, low < list.count && list[low].key == key)
    }

    private static func lowercased(_ key: String) -> String {
        // The fast path for keys in lower case, which nearly all are.
        let octets = key.utf8.span
        for index in octets.indices where octets[index] >= 0x80 || (0x41...0x5A).contains(octets[index]) {
            return key.lowercased()
        }
        return key
    }
}
