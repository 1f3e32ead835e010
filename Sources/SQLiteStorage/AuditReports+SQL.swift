internal import Foundation
internal import GRDB
public import Storage

extension Change {
    func insert(_ record: AuditReportRecord, unlessOneSince time: Date, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO auditReport (id, certificateAuthority, bucket, key, status, createdAt)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (
                    SELECT 1 FROM auditReport
                    WHERE certificateAuthority = ?2 AND createdAt > ?7 AND status <> 'FAILED')
                """
        ).execute(arguments: [
            record.id, record.certificateAuthority, record.bucket, record.key, record.status.rawValue,
            record.createdAt.timeIntervalSince1970, time.timeIntervalSince1970,
        ])
        guard db.changesCount == 1 else {
            throw StorageError.conflict("the audit reports of \(record.certificateAuthority)")
        }
    }

    func concludeReport(_ id: String, _ status: AuditReportRecord.Status, _ db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE auditReport SET status = ? WHERE id = ? AND status = 'CREATING'"
        ).execute(arguments: [status.rawValue, id])
        guard db.changesCount == 1 else { throw StorageError.conflict("the audit report \(id)") }
    }
}

extension AuditReportRecord {
    init(row: Row) throws {
        let id: String = row["id"]
        guard let status = Status(rawValue: row["status"]) else {
            throw StorageError.corrupt("the audit report \(id)")
        }
        self.init(
            id: id, certificateAuthority: row["certificateAuthority"], bucket: row["bucket"], key: row["key"],
            status: status, createdAt: Date(timeIntervalSince1970: row["createdAt"]))
    }
}

extension SQLiteStore {
    public func issuedCertificates(
        of certificateAuthority: String, after: CertificateRecord?, limit: Int
    ) async throws(StorageError) -> [CertificateRecord] {
        try await read { db in
            var arguments: StatementArguments = [certificateAuthority]
            var condition = ""
            if let after {
                condition = "AND (issuedAt, serialNumber) > (?, ?)"
                arguments += [after.issuedAt?.timeIntervalSince1970, after.serialNumber]
            }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM certificate
                    WHERE certificateAuthority = ? AND issuedAt IS NOT NULL \(condition)
                    ORDER BY issuedAt, serialNumber LIMIT ?
                    """,
                arguments: arguments + [limit]
            ).map(CertificateRecord.init)
        }
    }

    public func auditReport(_ id: String) async throws(StorageError) -> AuditReportRecord? {
        try await read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM auditReport WHERE id = ?", arguments: [id])
                .map(AuditReportRecord.init)
        }
    }

    public func unfinishedAuditReports() async throws(StorageError) -> [AuditReportRecord] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM auditReport WHERE status = 'CREATING' ORDER BY createdAt"
            )
            .map(AuditReportRecord.init)
        }
    }
}
