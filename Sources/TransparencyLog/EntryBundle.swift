/// A file of up to 256 leaves, each after its length in two octets (C2SP tlog-tiles, "Log Entries").
public enum EntryBundle {
    /// The longest possible leaf, in octets.
    public static let longestEntry = 65_535

    /// Nil when an entry is too long.
    public static func encode(_ entries: [[UInt8]]) -> [UInt8]? {
        var bytes: [UInt8] = []
        for entry in entries {
            guard entry.count <= longestEntry else { return nil }
            bytes += [UInt8(entry.count >> 8), UInt8(entry.count & 0xFF)]
            bytes += entry
        }
        return bytes
    }

    /// The complete entries, and the number of octets left after them, which is 0 in a valid bundle.
    public static func decode(_ bytes: [UInt8]) -> (entries: [ArraySlice<UInt8>], left: Int) {
        var entries: [ArraySlice<UInt8>] = []
        var place = 0
        while place + 2 <= bytes.count {
            let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
            guard place + 2 + length <= bytes.count else { break }
            entries.append(bytes[(place + 2)..<(place + 2 + length)])
            place += 2 + length
        }
        return (entries, bytes.count - place)
    }
}
