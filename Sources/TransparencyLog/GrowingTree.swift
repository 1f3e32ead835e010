/// The growing edge of a log: the nodes of its incomplete tiles. What they come to is hashed when it is asked for.
public struct GrowingTree: Sendable {
    /// A tile that has all of its nodes, and never changes again.
    public struct CompleteTile: Sendable, Hashable {
        public let tile: Tile
        public let nodes: [TreeHash]

        public var bytes: [UInt8] { nodes.flatMap(\.bytes) }
    }

    public private(set) var size: UInt64
    /// By level.
    private var open: [[TreeHash]]

    public init() { (size, open) = (0, []) }

    /// - Parameter open: by level, the nodes of the tile that is not complete
    /// - Returns: nil when they are not those of a log of `size` leaves
    public init?(size: UInt64, open: [[TreeHash]]) {
        guard open.count <= 8 else { return nil }
        for level in 0..<8 {
            let count = level < open.count ? open[level].count : 0
            guard UInt64(count) == (size >> UInt64(8 * level)) % Tile.width else { return nil }
        }
        (self.size, self.open) = (size, open)
    }

    /// The complete subtrees, the largest first: those of each level's nodes, from the highest level down.
    private var roots: [TreeHash] {
        open.reversed().flatMap { nodes in
            var part = Frontier()
            for node in nodes { part.append(node) }
            return part.roots
        }
    }

    public var root: TreeHash { Frontier(size: size, roots: roots)?.root ?? .ofNothing }

    /// The nodes of a level's tile that is not complete.
    public func openNodes(level: UInt8) -> [TreeHash] { Int(level) < open.count ? open[Int(level)] : [] }

    /// Adds a leaf; the tiles it completed, the lowest first.
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

    /// Of a tile's nodes, which is a node one level above when there are 256.
    public static func root(ofTile nodes: [TreeHash]) -> TreeHash {
        var part = Frontier()
        for node in nodes { part.append(node) }
        return part.root
    }
}
