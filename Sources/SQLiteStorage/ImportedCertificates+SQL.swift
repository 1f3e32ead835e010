internal import Foundation
internal import GRDB
public import Storage

extension Change {
    func insert(_ record: ImportedCertificateRecord, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO importedCertificate
                    (certificateAuthority, serialNumber, certificate, requester, importedAt, notAfter)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            record.certificateAuthority, Data(record.serialNumber), Data(record.certificate),
            record.requester, record.importedAt.timeIntervalSince1970,
            Int64(record.notAfter.timeIntervalSince1970.rounded(.down)),
        ])
        guard db.changesCount == 1 else { throw StorageError.conflict("the imported certificate") }
    }
}

extension SQLiteStore {
    public func importedCertificate(
        serialNumber: [UInt8], of certificateAuthority: String
    ) async throws(StorageError) -> ImportedCertificateRecord? {
        try await read { db in
            try Row.fetchOne(
                db,
                sql: "SELECT * FROM importedCertificate WHERE certificateAuthority = ? AND serialNumber = ?",
                arguments: [certificateAuthority, Data(serialNumber)]
            ).map { row in
                ImportedCertificateRecord(
                    certificateAuthority: row["certificateAuthority"],
                    serialNumber: Array(row["serialNumber"] as Data),
                    certificate: Array(row["certificate"] as Data), requester: row["requester"],
                    importedAt: Date(timeIntervalSince1970: row["importedAt"]),
                    notAfter: Date(timeIntervalSince1970: row["notAfter"]))
            }
        }
    }
}
