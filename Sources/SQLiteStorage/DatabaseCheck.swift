internal import Foundation
internal import GRDB
public import Storage
public import TransparencyLog

/// The contents of a database that was read completely.
public struct DatabaseCheck: Sendable {
    public let events: UInt64
    public let authorities: Int
    /// Includes certificates whose signature failed.
    public let certificates: Int
    /// The newest checkpoint that the log signed; nil when it has signed none.
    public let newestCheckpoint: Checkpoint?

    /// Reads every page, every event, every complete tile of the log's tree and every certificate. Throws when
    /// SQLite finds damage, when another program or a newer Signet made the database, when a tile does not
    /// match its events, and when a certificate does not match the event of its outcome. Checkpoints are not
    /// verified.
    /// - Parameter progress: is given the number of events that were read, and of all
    public init(
        path: String, progress: (_ done: UInt64, _ all: UInt64) -> Void = { _, _ in }
    ) throws(StorageError) {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            let database = try DatabaseQueue(path: path, configuration: configuration)
            (events, authorities, certificates, newestCheckpoint) = try database.read { db in
                // Before anything else is read: a view or a trigger in the place of a table could do
                // anything.
                try SchemaCheck.run(db)
                let faults = try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
                guard faults == ["ok"] else {
                    throw StorageError.corrupt(faults.first ?? "nothing that can be checked")
                }
                try Self.checkRows(db)
                let events = try Self.readLog(db, progress)
                try CertificateEventCheck.run(db)
                return (
                    events,
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM certificateAuthority") ?? 0,
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM certificate") ?? 0,
                    try String.fetchOne(db, sql: "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
                        .map { try Checkpoint(text: SignedNote(encoded: $0).text) }
                )
            }
        } catch { throw StorageError(error) }
    }

    /// Checks foreign keys, AUTOINCREMENT counters, and how far the index of serial numbers was flushed.
    private static func checkRows(_ db: Database) throws {
        if let row = try Row.fetchOne(db, sql: "PRAGMA foreign_key_check") {
            throw StorageError.corrupt("a row of `\(row[0] as String? ?? "?")` that refers to no row")
        }
        for row in try Row.fetchAll(db, sql: "SELECT name, seq FROM sqlite_sequence") {
            let (name, sequence) = (
                try row.decode(String.self, forColumn: "name"), try row.decode(Int64.self, forColumn: "seq")
            )
            let largest =
                try Int64.fetchOne(db, sql: "SELECT max(rowid) FROM \(name.quotedDatabaseIdentifier)") ?? 0
            // A counter near its end would make every later insert fail.
            let (gap, overflows) = sequence.subtractingReportingOverflow(largest)
            guard !overflows, (0..<(1 << 40)).contains(gap) else {
                throw StorageError.corrupt("a next number of `\(name)` that its rows do not lead to")
            }
        }
        let flushed = try Int64.fetchOne(db, sql: "SELECT max(through) FROM flushedPartition") ?? 0
        let newest = try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM certificate") ?? 0
        guard flushed <= newest else {
            throw StorageError.corrupt("an index of serial numbers beyond the certificates")
        }
    }

    private static func readLog(
        _ db: Database, _ progress: (_ done: UInt64, _ all: UInt64) -> Void
    ) throws -> UInt64 {
        let all = try EventTree(db: db).size()
        var tree = GrowingTree()
        var tiles = 0
        let bodies = try Row.fetchCursor(db, sql: "SELECT position, body FROM event ORDER BY position")
        while let row = try bodies.next() {
            // SQLite counts rows from 1, the log from 0.
            guard row["position"] as Int64 == Int64(tree.size) + 1 else {
                throw StorageError.corrupt("the audit log without event \(tree.size)")
            }
            for complete in tree.append(TreeHash(leaf: row["body"] as Data)) {
                tiles += 1
                let stored = try Data.fetchOne(
                    db, sql: "SELECT nodes FROM tile WHERE level = ? AND position = ?",
                    arguments: [Int64(complete.tile.level), Int64(complete.tile.index)])
                guard stored.map(Array.init) == complete.bytes else {
                    throw StorageError.corrupt("events that are not those of \(complete.tile.path)")
                }
            }
            if tree.size % 4096 == 0 { progress(tree.size, all) }
        }
        // A tile beyond the events makes the insert of the event that completes it fail.
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM tile") == tiles else {
            throw StorageError.corrupt("tiles of the log beyond its events")
        }
        progress(tree.size, tree.size)
        return tree.size
    }
}
