internal import Foundation
internal import GRDB
public import Storage
internal import TransparencyLog

/// What a database holds, after all of it was read.
public struct DatabaseCheck: Sendable {
    public let events: UInt64
    public let authorities: Int
    /// Issued ones and those whose signature failed.
    public let certificates: Int

    /// Reads every page, every event and every tile of the log's tree. A database that SQLite finds damaged, that is none of
    /// Signet's, that a newer Signet made, or whose tiles are not those of its events, is an error. Checkpoints are not
    /// looked at.
    /// - Parameter progress: is given the number of events that were read, and of all
    public init(
        path: String, progress: (_ done: UInt64, _ all: UInt64) -> Void = { _, _ in }
    ) throws(StorageError) {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            let database = try DatabaseQueue(path: path, configuration: configuration)
            (events, authorities, certificates) = try database.read { db in
                let migrator = Schema.migrator
                guard try db.tableExists("grdb_migrations"), try db.tableExists("event") else {
                    throw StorageError.corrupt("no tables of Signet")
                }
                if try migrator.hasBeenSuperseded(db) {
                    throw StorageError.unavailable(reason: "it was made by a newer Signet")
                }
                let faults = try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
                guard faults == ["ok"] else {
                    throw StorageError.corrupt(faults.first ?? "nothing that can be checked")
                }
                return (
                    try Self.readLog(db, progress),
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM certificateAuthority") ?? 0,
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM certificate") ?? 0
                )
            }
        } catch { throw StorageError(error) }
    }

    private static func readLog(
        _ db: Database, _ progress: (_ done: UInt64, _ all: UInt64) -> Void
    ) throws -> UInt64 {
        let all = try EventTree(db: db).size()
        var tree = GrowingTree()
        let bodies = try Row.fetchCursor(db, sql: "SELECT position, body FROM event ORDER BY position")
        while let row = try bodies.next() {
            // SQLite counts rows from 1, the log from 0.
            guard row["position"] as Int64 == Int64(tree.size) + 1 else {
                throw StorageError.corrupt("the audit log without event \(tree.size)")
            }
            for complete in tree.append(TreeHash(leaf: row["body"] as Data)) {
                let stored = try Data.fetchOne(
                    db, sql: "SELECT nodes FROM tile WHERE level = ? AND position = ?",
                    arguments: [Int64(complete.tile.level), Int64(complete.tile.index)])
                guard stored.map(Array.init) == complete.bytes else {
                    throw StorageError.corrupt("events that are not those of \(complete.tile.path)")
                }
            }
            if tree.size % 4096 == 0 { progress(tree.size, all) }
        }
        return tree.size
    }
}
