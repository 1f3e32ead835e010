public import Foundation
internal import GRDB
public import Storage
public import TransparencyLog

/// The store in a SQLite file: WAL, every commit synced to disk, one writer, many readers.
public struct SQLiteStore: Store {
    /// A list of authorities ends after so many octets of chains, policies and tags, because a chain can have
    /// 2 MiB.
    private static let mostOctetsOfAuthorities = 4 * 1024 * 1024

    private let database: DatabasePool
    private let groupCommit: GroupCommit
    private let known = KnownAuthorities()
    let serialNumbers: SerialNumberIndex

    /// Opens the file, and creates it and its tables if needed. Its directory must exist. Waits up to five
    /// seconds for another process that has locked the database.
    public init(path: String) throws(StorageError) {
        try self.init(path: path, mostStaged: 32_768)
    }

    /// - Parameter mostStaged: the number of serial numbers that are kept in memory before they are flushed
    ///   together
    package init(path: String, mostStaged: Int) throws(StorageError) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            // Without FULL, WAL syncs only at a checkpoint, and a power cut could lose the record of a sent
            // answer.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // Frequently written pages are written back once for each four MiB of WAL, and only by the
            // writing connection: SQLite before 3.51.3 can lose pages when two checkpoint at once ("WAL-reset
            // bug").
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 1000")
        }
        do {
            database = try DatabasePool(path: path, configuration: configuration)
            try database.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
                let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
                guard synchronous == 2, mode == "wal" else {
                    throw StorageError.unavailable(
                        reason: "SQLite does not take synchronous=FULL and journal_mode=WAL for `\(path)`")
                }
            }
            let migrator = Schema.migrator
            if try database.read({ try migrator.hasBeenSuperseded($0) }) {
                throw StorageError.unavailable(reason: "`\(path)` was made by a newer Signet")
            }
            try migrator.migrate(database)
            serialNumbers = try SerialNumberIndex(database, mostStaged: mostStaged)
            groupCommit = try GroupCommit(database, serialNumbers)
        } catch { throw StorageError(error) }
    }

    /// Closes the file. All commits are copied into it, and the WAL is empty, unless a reader is still open.
    /// Later commits fail.
    public func close() {
        groupCommit.close()
    }

    /// Why the last commit failed; nil if it succeeded. It changes only with a commit.
    public var lastFault: StorageError? { groupCommit.lastFault }

    public func commit(_ changes: [Change]) async throws(StorageError) {
        defer { known.invalidate(changes) }
        try await groupCommit.commit(changes)
    }

    public func certificateAuthority(_ id: String) async throws(StorageError) -> CertificateAuthorityRecord? {
        if let record = known.record(id) { return record }
        let generation = known.generation
        let record = try await read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM certificateAuthority WHERE id = ?", arguments: [id])
                .map(CertificateAuthorityRecord.init)
        }
        if let record { known.keep(record, readIn: generation) }
        return record
    }

    public func certificateAuthorities(
        after: String?, limit: Int
    ) async throws(StorageError) -> [CertificateAuthorityRecord] {
        try await read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT *, length(chain) + COALESCE(length(policy), 0) + length(tags) AS octets
                    FROM certificateAuthority
                    WHERE sequence > COALESCE((SELECT sequence FROM certificateAuthority WHERE id = ?), 0)
                    ORDER BY sequence LIMIT ?
                    """,
                arguments: [after, limit])
            var records: [CertificateAuthorityRecord] = []
            var octets = 0
            while octets < Self.mostOctetsOfAuthorities, let row = try rows.next() {
                octets += row["octets"]
                records.append(try CertificateAuthorityRecord(row: row))
            }
            return records
        }
    }

    public func certificate(serialNumber: String) async throws(StorageError) -> CertificateRecord? {
        while true {
            let generation = serialNumbers.generation
            let record = try await read { [serialNumbers] db in
                let row =
                    try serialNumbers.certificate(serialNumber, in: db)
                    ?? Row.fetchOne(
                        db,
                        sql: """
                            SELECT *, NULL AS certificate, NULL AS failure, NULL AS outcomeIndex,
                                NULL AS issuedAt
                            FROM reservation WHERE serialNumber = ?
                            """, arguments: [serialNumber])
                return row.map(CertificateRecord.init)
            }
            if record != nil || serialNumbers.generation == generation { return record }
        }
    }

    public func idempotencyClaim(key: String, at time: Date) async throws(StorageError) -> IdempotencyClaim? {
        try await read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM idempotencyClaim WHERE key = ? AND expiresAt > ?",
                arguments: [key, time.timeIntervalSince1970]
            ).map(IdempotencyClaim.init)
        }
    }

    public func approval(_ id: String) async throws(StorageError) -> ApprovalRecord? {
        try await read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM approval WHERE id = ?", arguments: [id])
                .map(ApprovalRecord.init)
        }
    }

    public func approval(serialNumber: String) async throws(StorageError) -> ApprovalRecord? {
        try await read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM approval WHERE serialNumber = ?", arguments: [serialNumber]
            ).map(ApprovalRecord.init)
        }
    }

    public func unresolvedIntents() async throws(StorageError) -> [IntentRecord] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM intent ORDER BY recordedAt").map(IntentRecord.init)
        }
    }

    public func logSize() async throws(StorageError) -> UInt64 {
        try await read { try EventTree(db: $0).size() }
    }

    public func hash(of subtree: Subtree) async throws(StorageError) -> TreeHash {
        try await read { try EventTree(db: $0).hash(of: subtree) }
    }

    public func logKey() async throws(StorageError) -> LogKeyRecord? {
        try await read { try Row.fetchOne($0, sql: "SELECT * FROM logKey").map(LogKeyRecord.init) }
    }

    public func checkpoint(of size: UInt64?) async throws(StorageError) -> String? {
        try await read { db in
            try String.fetchOne(
                db,
                sql:
                    "SELECT note FROM checkpoint WHERE size >= ? ORDER BY size \(size == nil ? "DESC" : "ASC") LIMIT 1",
                arguments: [Int64(size ?? 0)])
        }
    }

    func read<Value: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        do { return try await database.read(body) } catch { throw StorageError(error) }
    }
}
