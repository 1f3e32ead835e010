internal import Foundation
internal import GRDB
public import Storage

extension Change {
    func revoke(_ record: RevocationRecord, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO revocation
                    (certificateAuthority, serialNumber, revokedAt, reason, notAfter)
                VALUES (?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            record.certificateAuthority, Data(record.serialNumber), seconds(record.revokedAt),
            record.reason.rawValue, seconds(record.notAfter),
        ])
        guard db.changesCount == 1 else { throw StorageError.alreadyRevoked }
    }

    func reserve(_ number: Int64, of authority: String, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO certificateListNumber (certificateAuthority, number) VALUES (?, ?)
                ON CONFLICT DO UPDATE SET number = excluded.number WHERE excluded.number > number
                """
        ).execute(arguments: [authority, number])
        guard db.changesCount == 1 else {
            throw StorageError.conflict("the CRL of the certificate authority \(authority)")
        }
    }

    func record(_ list: CertificateListRecord, _ db: Database) throws {
        if let partition = list.partition { return try record(list, partition, db) }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO certificateList
                    (certificateAuthority, number, thisUpdate, nextUpdate, entries, lastRevocation, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            list.certificateAuthority, list.number, seconds(list.thisUpdate), seconds(list.nextUpdate),
            list.entries, list.lastRevocation, Data(list.digest),
        ])
    }

    private func record(
        _ list: CertificateListRecord, _ partition: CertificateListRecord.Partition, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO partitionList
                    (certificateAuthority, partition, urls, number, thisUpdate, nextUpdate, entries,
                    lastRevocation, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            list.certificateAuthority, partition.index,
            // A URL has no line end.
            partition.urls.joined(separator: "\n"), list.number, seconds(list.thisUpdate),
            seconds(list.nextUpdate), list.entries, list.lastRevocation, Data(list.digest),
        ])
    }

    private func seconds(_ date: Date) -> Int64 { Int64(date.timeIntervalSince1970.rounded(.down)) }
}

extension RevocationRecord {
    fileprivate init(row: Row) throws {
        let authority: String = row["certificateAuthority"]
        guard let reason = Reason(rawValue: row["reason"]) else {
            throw StorageError.corrupt("a revocation of the certificate authority \(authority)")
        }
        self.init(
            certificateAuthority: authority, serialNumber: Array(row["serialNumber"] as Data),
            revokedAt: Date(timeIntervalSince1970: row["revokedAt"]), reason: reason,
            notAfter: Date(timeIntervalSince1970: row["notAfter"]))
    }
}

extension CertificateListRecord {
    /// - Parameter row: of `certificateList`, or of `partitionList`
    fileprivate init(row: Row) {
        let partition = (row["partition"] as Int?).map {
            Partition(
                index: $0,
                urls: (row["urls"] as String).split(separator: "\n", omittingEmptySubsequences: false)
                    .map(String.init))
        }
        self.init(
            certificateAuthority: row["certificateAuthority"], partition: partition, number: row["number"],
            thisUpdate: Date(timeIntervalSince1970: row["thisUpdate"]),
            nextUpdate: Date(timeIntervalSince1970: row["nextUpdate"]), entries: row["entries"],
            lastRevocation: row["lastRevocation"], digest: Array(row["digest"] as Data))
    }
}

extension SQLiteStore {
    public func revocation(
        serialNumber: [UInt8], of certificateAuthority: String
    ) async throws(StorageError) -> RevocationRecord? {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT * FROM revocation WHERE certificateAuthority = ? AND serialNumber = ?")
            return try Row.fetchOne(
                statement, arguments: [certificateAuthority, Data(serialNumber)]
            ).map(RevocationRecord.init)
        }
    }

    public func standings(
        of serialNumbers: [[UInt8]], by certificateAuthority: String
    ) async throws(StorageError) -> [CertificateStanding] {
        while true {
            let generation = self.serialNumbers.generation
            let standings = try await read { [index = self.serialNumbers] db in
                try serialNumbers.map { try Self.standing(of: $0, by: certificateAuthority, index, db) }
            }
            // A number that was filed meanwhile is in neither place for this reader.
            if !standings.contains(.unissued) || self.serialNumbers.generation == generation {
                return standings
            }
        }
    }

    private static func standing(
        of serialNumber: [UInt8], by authority: String, _ index: SerialNumberIndex, _ db: Database
    ) throws -> CertificateStanding {
        let key: StatementArguments = [authority, Data(serialNumber)]
        let revocation = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT * FROM revocation WHERE certificateAuthority = ? AND serialNumber = ?"),
            arguments: key)
        if let revocation { return .revoked(try RevocationRecord(row: revocation)) }
        let row = try index.certificate(CertificateRecord.text(ofSerialNumber: serialNumber), in: db)
        if let record = row.map(CertificateRecord.init), record.certificateAuthority == authority,
            case .issued = record.status
        {
            return .issued
        }
        let isImported = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT 1 FROM importedCertificate WHERE certificateAuthority = ? AND serialNumber = ?"),
            arguments: key)
        return isImported == nil ? .unissued : .issued
    }

    public func revocations(
        of certificateAuthority: String, after: Int64, limit: Int
    ) async throws(StorageError) -> [PlacedRevocation] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM revocation WHERE certificateAuthority = ? AND place > ?
                    ORDER BY place LIMIT ?
                    """,
                arguments: [certificateAuthority, after, limit]
            ).map { PlacedRevocation(place: $0["place"], record: try RevocationRecord(row: $0)) }
        }
    }

    public func certificateList(
        of certificateAuthority: String
    ) async throws(StorageError) -> CertificateListRecord? {
        try await read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM certificateList WHERE certificateAuthority = ?",
                arguments: [certificateAuthority]
            ).map(CertificateListRecord.init)
        }
    }

    public func partitionLists(
        of certificateAuthority: String
    ) async throws(StorageError) -> [CertificateListRecord] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM partitionList WHERE certificateAuthority = ? ORDER BY partition",
                arguments: [certificateAuthority]
            ).map(CertificateListRecord.init)
        }
    }

    public func reservedListNumber(of certificateAuthority: String) async throws(StorageError) -> Int64 {
        try await read { db in
            try Int64.fetchOne(
                db, sql: "SELECT number FROM certificateListNumber WHERE certificateAuthority = ?",
                arguments: [certificateAuthority]) ?? 0
        }
    }
}
