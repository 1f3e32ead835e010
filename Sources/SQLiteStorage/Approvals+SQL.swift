public import Foundation
internal import GRDB
public import Storage

extension SQLiteStore {
    public func approvals(
        _ status: ApprovalRecord.Status?, after: String?, limit: Int
    ) async throws(StorageError) -> [ApprovalSummary] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT id, revision, operation, inputVersion, x'' AS input, resource, requester,
                        x'' AS peer, x'' AS content, digest, serialNumber, needed, approvals, status, outcome,
                        createdAt, expiresAt
                    FROM approval
                    WHERE (?1 IS NULL OR status = ?1) AND sequence < COALESCE(
                        (SELECT sequence FROM approval WHERE id = ?2), 9223372036854775807)
                    ORDER BY sequence DESC LIMIT ?3
                    """,
                arguments: [status?.rawValue, after, limit]
            ).map { ApprovalSummary(try ApprovalRecord(row: $0)) }
        }
    }

    public func pendingApproval(
        digest: String, requester: String
    ) async throws(StorageError) -> String? {
        try await read { db in
            try String.fetchOne(
                db,
                sql: """
                    SELECT id FROM approval WHERE status = 'PENDING' AND requester = ? AND digest = ?
                    ORDER BY sequence LIMIT 1
                    """, arguments: [requester, digest])
        }
    }

    public func pendingApprovals(requester: String) async throws(StorageError) -> PendingApprovals {
        try await read { db in try ApprovalChanges.pending(requester, db) }
    }

    public func overdueApprovals(at time: Date, limit: Int) async throws(StorageError) -> [String] {
        try await read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM approval WHERE status = 'PENDING' AND expiresAt <= ?
                    ORDER BY expiresAt LIMIT ?
                    """, arguments: [time.timeIntervalSince1970, limit])
        }
    }
}

/// Changes of requests for approval, to be called within a transaction.
enum ApprovalChanges {
    static func pending(_ requester: String, _ db: Database) throws -> PendingApprovals {
        // Read from a covering index, because the rows contain whole requests.
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT COUNT(*) AS count, COALESCE(SUM(octets), 0) AS octets
                FROM approval WHERE status = 'PENDING' AND requester = ?
                """, arguments: [requester])
        guard let count = row?["count"] as Int?, let octets = row?["octets"] as Int? else {
            throw StorageError.corrupt("the requests that wait for approval cannot be counted")
        }
        return PendingApprovals(count: count, octets: octets)
    }

    static func insert(_ record: ApprovalRecord, within limits: ApprovalLimits, _ db: Database) throws {
        guard try pending(record.requester, db).leaveRoom(for: record.octets, within: limits) else {
            throw StorageError.approvalsExceeded(limits)
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO approval (id, revision, operation, inputVersion, input, resource, requester,
                    peer, content, digest, serialNumber, needed, approvals, status, outcome, createdAt, expiresAt, octets)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            record.id, record.revision, record.operation.name, record.operation.version,
            record.operation.input, record.resource, record.requester, record.peer, record.content,
            record.digest, record.serialNumber, record.needed,
            try record.approvalsText(), record.status.rawValue, record.outcome,
            record.createdAt.timeIntervalSince1970, record.expiresAt.timeIntervalSince1970, record.octets,
        ])
    }

    /// Writes every member but the id. A member missing here would be lost without an error.
    static func update(_ record: ApprovalRecord, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE approval SET revision = revision + 1, operation = ?, inputVersion = ?, input = ?, resource = ?,
                    requester = ?, peer = ?, content = ?, digest = ?, serialNumber = ?, needed = ?, approvals = ?, status = ?,
                    outcome = ?, createdAt = ?, expiresAt = ?, octets = ?
                WHERE id = ? AND revision = ?
                """
        ).execute(arguments: [
            record.operation.name, record.operation.version, record.operation.input,
            record.resource, record.requester, record.peer, record.content, record.digest,
            record.serialNumber, record.needed, try record.approvalsText(),
            record.status.rawValue, record.outcome, record.createdAt.timeIntervalSince1970,
            record.expiresAt.timeIntervalSince1970, record.octets, record.id,
            record.revision,
        ])
        guard db.changesCount == 1 else { throw StorageError.conflict("the approval \(record.id)") }
    }

    static func remove(endedBefore time: Date, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM approval
                WHERE status IN ('COMPLETED', 'FAILED', 'REJECTED', 'EXPIRED') AND expiresAt < ?
                """
        ).execute(arguments: [time.timeIntervalSince1970])
    }
}
