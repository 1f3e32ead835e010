/// Up to 256 adjacent nodes of one level (C2SP tlog-tiles).
public struct Tile: Sendable, Hashable {
    /// The number of nodes in a complete tile.
    public static let width: UInt64 = 256
    private static let height: UInt64 = 8

    /// 0 for leaves. A node of level 1 is the root of 256 leaves.
    public let level: UInt8
    public let index: UInt64
    /// The number of its nodes, 1 to 256.
    public let count: Int

    public init(level: UInt8, index: UInt64, count: Int = Int(Tile.width)) {
        self.level = level
        self.index = index
        self.count = count
    }

    public var isComplete: Bool { count == Self.width }

    /// The path of its file below the log's directory. Each part has three digits, and all but the last begin
    /// with `x`.
    public var path: String { "tile/\(level)/\(Self.place(index))\(isComplete ? "" : ".p/\(count)")" }

    /// The path of the file with the entries of its leaves.
    public var entriesPath: String { "tile/entries/\(Self.place(index))\(isComplete ? "" : ".p/\(count)")" }

    static func place(_ index: UInt64) -> String {
        var parts: [String] = []
        var rest = index
        repeat {
            let digits = String(rest % 1000)
            parts.append(String(repeating: "0", count: 3 - digits.count) + digits)
            rest /= 1000
        } while rest > 0
        return parts.enumerated().reversed().map { $0 == 0 ? $1 : "x\($1)" }.joined(separator: "/")
    }

    /// The tiles of a log of `size` leaves, the lowest level first.
    public static func all(size: UInt64) -> [Tile] {
        var tiles: [Tile] = []
        var (nodes, level) = (size, UInt8(0))
        while nodes > 0 {
            tiles += (0..<(nodes / width)).map { Tile(level: level, index: $0) }
            if nodes % width != 0 {
                tiles.append(Tile(level: level, index: nodes / width, count: Int(nodes % width)))
            }
            (nodes, level) = (nodes >> height, level + 1)
        }
        return tiles
    }

    /// The leaves that it covers.
    public var leaves: Subtree {
        let span = UInt64(1) << (Self.height * UInt64(level))
        return Subtree(
            start: index * Self.width * span, end: (index * Self.width + UInt64(count)) * span)
    }
}
