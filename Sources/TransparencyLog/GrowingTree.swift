/// The right edge of a growing log: the nodes of its incomplete tiles. The root is computed on demand.
public struct GrowingTree: Sendable {
    /// A tile with all its nodes. It never changes again.
    public struct CompleteTile: Sendable, Hashable {
        public let tile: Tile
        public let nodes: [TreeHash]

        public var bytes: [UInt8] { nodes.flatMap(\.bytes) }
    }

    public private(set) var size: UInt64
    /// The nodes of each level's incomplete tile.
    private var open: [[TreeHash]]

    public init() { (size, open) = (0, []) }

    /// - Parameter open: the nodes of each level's incomplete tile
    /// - Returns: nil unless they belong to a log of `size` leaves
    public init?(size: UInt64, open: [[TreeHash]]) {
        guard open.count <= 8 else { return nil }
        for level in 0..<8 {
            let count = level < open.count ? open[level].count : 0
            guard UInt64(count) == (size >> UInt64(8 * level)) % Tile.width else { return nil }
        }
        (self.size, self.open) = (size, open)
    }

    /// The roots of the complete subtrees, the largest first: each level's nodes, from the highest level
    /// down.
    private var roots: [TreeHash] {
        open.reversed().flatMap { nodes in
            var part = Frontier()
            for node in nodes { part.append(node) }
            return part.roots
        }
    }

    public var root: TreeHash { Frontier(size: size, roots: roots)?.root ?? .ofNothing }

    /// The nodes of the incomplete tile of a level.
    public func openNodes(level: UInt8) -> [TreeHash] { Int(level) < open.count ? open[Int(level)] : [] }

    /// Adds a leaf. Returns the tiles that it completed, the lowest first.
    public mutating func append(_ leaf: TreeHash) -> [CompleteTile] {
        size += 1
        var complete: [CompleteTile] = []
        var node = leaf
        for level in 0..<8 {
            if level == open.count { open.append([]) }
            open[level].append(node)
            guard UInt64(open[level].count) == Tile.width else { break }
            let index = (size >> UInt64(8 * (level + 1))) - 1
            complete.append(
                CompleteTile(tile: Tile(level: UInt8(level), index: index), nodes: open[level]))
            node = Self.root(ofTile: open[level])
            open[level] = []
        }
        return complete
    }

    /// The root of a tile's nodes. The root of 256 nodes is a node of the next level.
    public static func root(ofTile nodes: [TreeHash]) -> TreeHash {
        var part = Frontier()
        for node in nodes { part.append(node) }
        return part.root
    }
}
