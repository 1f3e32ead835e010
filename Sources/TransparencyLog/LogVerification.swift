/// Reads the files of a log by their paths below its directory (C2SP tlog-tiles).
public protocol LogFiles {
    /// The contents of a file; nil when it does not exist.
    func read(_ path: String) throws -> [UInt8]?
}

/// What is wrong with a log.
public struct LogFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The first wrong event; nil when it cannot be determined.
    public let index: UInt64?
    public let reason: String

    public init(index: UInt64? = nil, reason: String) {
        self.index = index
        self.reason = reason
    }

    public var description: String { reason }
}

/// Reads a complete log, and checks events, tiles and the root against each other.
public struct LogVerification {
    private let files: any LogFiles
    private let checkpoint: Checkpoint
    /// An earlier checkpoint that the log must be consistent with.
    private let earlier: Checkpoint?

    public init(_ files: any LogFiles, checkpoint: Checkpoint, earlier: Checkpoint? = nil) {
        self.files = files
        self.checkpoint = checkpoint
        self.earlier = earlier
    }

    /// - Parameter progress: called after every bundle with the number of verified events
    /// - Throws: ``LogFault`` with the first wrong event, and errors of `files`
    public func run(progress: (UInt64) -> Void = { _ in }) throws {
        if let earlier { try checkSequence(earlier) }
        var tree = GrowingTree()
        var checked: [Tile: [TreeHash]] = [:]
        for tile in Tile.all(size: checkpoint.size) where tile.level == 0 {
            let leaves = try leaves(of: tile)
            for (place, leaf) in leaves.enumerated() {
                for complete in tree.append(leaf) where complete.tile.level > 0 {
                    checked[complete.tile] = complete.nodes
                }
                if let earlier, tree.size == earlier.size, tree.root != earlier.root {
                    throw LogFault(
                        reason:
                            "the first \(earlier.size) events are not those of the earlier checkpoint: the log was rewritten or forked before event \(tile.index * Tile.width + UInt64(place))"
                    )
                }
            }
            progress(tree.size)
        }
        for tile in Tile.all(size: checkpoint.size) where tile.level > 0 {
            let nodes = tile.isComplete ? checked[tile] ?? [] : tree.openNodes(level: tile.level)
            try compare(nodes, with: tile, files.read(tile.path))
        }
        guard tree.root == checkpoint.root else {
            throw LogFault(
                reason:
                    "the events come to the root \(tree.root), and the checkpoint of \(checkpoint.size) says \(checkpoint.root)"
            )
        }
    }

    private func checkSequence(_ earlier: Checkpoint) throws(LogFault) {
        guard earlier.origin == checkpoint.origin else {
            throw LogFault(
                reason:
                    "the earlier checkpoint is of another log: `\(earlier.origin)`, and not `\(checkpoint.origin)`"
            )
        }
        guard earlier.size <= checkpoint.size else {
            throw LogFault(
                index: checkpoint.size,
                reason:
                    "the log was rolled back: it had \(earlier.size) events and has \(checkpoint.size); the first that is missing is event \(checkpoint.size)"
            )
        }
        if earlier.size == 0, earlier.root != .ofNothing {
            throw LogFault(reason: "the earlier checkpoint has no events, and a root that says otherwise")
        }
    }

    /// The leaf hashes of a bundle. Each is compared with its node in the tile.
    private func leaves(of tile: Tile) throws -> [TreeHash] {
        let first = tile.index * Tile.width
        guard let bytes = try files.read(tile.entriesPath) else {
            throw LogFault(index: first, reason: "`\(tile.entriesPath)` is missing, from event \(first) on")
        }
        let (entries, left) = EntryBundle.decode(bytes)
        guard let nodes = try files.read(tile.path) else {
            throw LogFault(index: first, reason: "`\(tile.path)` is missing, for events from \(first) on")
        }
        var leaves: [TreeHash] = []
        for (place, entry) in entries.prefix(tile.count).enumerated() {
            let leaf = TreeHash(leaf: entry)
            let start = place * TreeHash.size
            guard start + TreeHash.size <= nodes.count,
                leaf == TreeHash(nodes[start..<(start + TreeHash.size)])
            else {
                let index = first + UInt64(place)
                throw LogFault(index: index, reason: "event \(index) is not what `\(tile.path)` says it was")
            }
            leaves.append(leaf)
        }
        guard entries.count == tile.count, left == 0 else {
            let index = first + UInt64(min(entries.count, tile.count))
            throw LogFault(
                index: index,
                reason:
                    "`\(tile.entriesPath)` has \(entries.count) whole events and \(left) octets more; it must have \(tile.count) and nothing more"
            )
        }
        guard nodes.count == tile.count * TreeHash.size else {
            throw LogFault(
                reason: "`\(tile.path)` has \(nodes.count) octets; it must have \(tile.count * TreeHash.size)"
            )
        }
        return leaves
    }

    private func compare(_ nodes: [TreeHash], with tile: Tile, _ bytes: [UInt8]?) throws(LogFault) {
        guard let bytes else { throw LogFault(reason: "`\(tile.path)` is missing") }
        for (place, node) in nodes.enumerated() {
            let start = place * TreeHash.size
            guard start + TreeHash.size <= bytes.count,
                node == TreeHash(bytes[start..<(start + TreeHash.size)])
            else {
                throw LogFault(reason: "node \(place) of `\(tile.path)` is not that of the events below it")
            }
        }
        guard bytes.count == nodes.count * TreeHash.size else {
            throw LogFault(reason: "`\(tile.path)` is longer than it must be")
        }
    }
}
