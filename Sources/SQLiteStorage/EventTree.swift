internal import Foundation
internal import GRDB
internal import Storage
internal import TransparencyLog

extension GrowingTree.CompleteTile {
    func insert(_ db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO tile (level, position, nodes) VALUES (?, ?, ?)")
            .execute(arguments: [Int64(tile.level), Int64(tile.index), Data(bytes)])
    }
}

/// The tree over the events in the database: complete tiles are in a table, and the rest is computed from
/// events.
struct EventTree {
    let db: Database

    /// The number of events. Their positions are consecutive.
    func size() throws -> UInt64 {
        UInt64(try Int64.fetchOne(db, sql: "SELECT COALESCE(MAX(position), 0) FROM event") ?? 0)
    }

    /// The right edge of the tree, where it grows.
    func edge() throws -> GrowingTree {
        let size = try size()
        var open: [[TreeHash]] = []
        var level: UInt64 = 0
        while level < 8, size >> (8 * level) > 0 {
            let nodes = size >> (8 * level)
            open.append(try self.nodes(level: level, from: nodes - nodes % Tile.width, to: nodes))
            level += 1
        }
        guard let tree = GrowingTree(size: size, open: open) else {
            throw StorageError.corrupt("the tree of the audit log")
        }
        return tree
    }

    /// The hash of a complete subtree of existing events.
    func hash(of subtree: Subtree) throws -> TreeHash {
        let height = UInt64(subtree.count.trailingZeroBitCount)
        let level = height / 8
        let span = UInt64(1) << (8 * level)
        return GrowingTree.root(
            ofTile: try nodes(level: level, from: subtree.start / span, to: subtree.end / span))
    }

    /// Nodes of one level that lie in one tile.
    private func nodes(level: UInt64, from start: UInt64, to end: UInt64) throws -> [TreeHash] {
        if start == end { return [] }
        let tile = start / Tile.width
        let offset = Int(start % Tile.width)
        if let bytes = try Data.fetchOne(
            db, sql: "SELECT nodes FROM tile WHERE level = ? AND position = ?",
            arguments: [Int64(level), Int64(tile)])
        {
            guard bytes.count == Int(Tile.width) * TreeHash.size else {
                throw StorageError.corrupt("the tile \(Tile(level: UInt8(level), index: tile).path)")
            }
            return (offset..<offset + Int(end - start)).compactMap { place in
                TreeHash(Array(bytes[(place * TreeHash.size)..<((place + 1) * TreeHash.size)]))
            }
        }
        guard level > 0 else {
            let bodies = try Data.fetchAll(
                db, sql: "SELECT body FROM event WHERE position > ? AND position <= ? ORDER BY position",
                arguments: [Int64(start), Int64(end)])
            guard bodies.count == Int(end - start) else {
                throw StorageError.corrupt("the audit log: an event from \(start) on is missing")
            }
            return bodies.map { TreeHash(leaf: $0) }
        }
        return try (start..<end).map { node in
            GrowingTree.root(
                ofTile: try nodes(level: level - 1, from: node * Tile.width, to: (node + 1) * Tile.width))
        }
    }
}
