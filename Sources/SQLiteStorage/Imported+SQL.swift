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

    func record(_ list: ImportedListRecord, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO importedList (id, issuer, number, thisUpdate, nextUpdate, digest)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            list.id, list.issuer, Data(list.number),
            Int64(list.thisUpdate.timeIntervalSince1970.rounded(.down)),
            Int64(list.nextUpdate.timeIntervalSince1970.rounded(.down)), Data(list.digest),
        ])
    }
}

extension ImportedListRecord {
    fileprivate init(row: Row) {
        self.init(
            id: row["id"], issuer: row["issuer"], number: Array(row["number"] as Data),
            thisUpdate: Date(timeIntervalSince1970: row["thisUpdate"]),
            nextUpdate: Date(timeIntervalSince1970: row["nextUpdate"]), digest: Array(row["digest"] as Data))
    }
}

extension SQLiteStore {
    public func importedList(_ id: String) async throws(StorageError) -> ImportedListRecord? {
        try await read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM importedList WHERE id = ?", arguments: [id])
                .map(ImportedListRecord.init)
        }
    }

    public func importedLists() async throws(StorageError) -> [ImportedListRecord] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM importedList ORDER BY id").map(ImportedListRecord.init)
        }
    }

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
