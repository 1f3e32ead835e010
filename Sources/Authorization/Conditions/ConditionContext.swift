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

    /// In the order of their keys. There are some thirty: looking one up costs less than hashing it, and a caller that writes them
    /// down need not sort them.
    private var list: [Entry] = []
    /// `aws:CurrentTime` and `aws:EpochTime`, written out only for the policies that ask.
    var time: CivilTime?

    public init() {
        // Room for all that a request usually has, at once.
        list.reserveCapacity(36)
    }

    /// The values of a key; nil when the request does not have it. A key can be there without a value.
    public subscript(key: String) -> [String]? {
        get { stored(Self.lowercased(key)) }
        set { put(newValue.map { TextList($0) }, key) }
    }

    /// All there are, by key in lower case, in the order of the keys.
    public var entries: [(key: String, values: [String])] { list.map { ($0.key, $0.values.array) } }

    /// Those that have a value.
    public var entriesWithValues: [(key: String, values: TextList)] {
        var entries: [(key: String, values: TextList)] = []
        entries.reserveCapacity(list.count)
        for entry in list where !entry.values.isEmpty { entries.append((entry.key, entry.values)) }
        return entries
    }

    /// For keys that are in lower case already.
    func values(lowercased key: String) -> [String]? {
        if let values = stored(key) { return values }
        switch key {
        case "aws:currenttime": return time.map { ["\($0)"] }
        case "aws:epochtime": return time.map { ["\($0.secondsSinceEpoch)"] }
        default: return nil
        }
    }

    /// Takes over what `other` has and this has not.
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

    /// Where a key is, or would be.
    private func find(_ key: String) -> (place: Int, isThere: Bool) {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if list[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return (low, low < list.count && list[low].key == key)
    }

    private static func lowercased(_ key: String) -> String {
        // As nearly every key is.
        let octets = key.utf8.span
        for index in octets.indices where octets[index] >= 0x80 || (0x41...0x5A).contains(octets[index]) {
            return key.lowercased()
        }
        return key
    }
}
