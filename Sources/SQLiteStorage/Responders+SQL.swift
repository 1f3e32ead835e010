internal import Foundation
internal import GRDB
internal import PKIX
public import Storage

extension Change {
    func record(_ responder: ResponderRecord, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO responder (certificateAuthority, keyAlgorithm, keyIdentifier,
                    keyStorageSecurityStandard, subjectPublicKeyInfo, certificate)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET certificate = excluded.certificate
                WHERE keyIdentifier = excluded.keyIdentifier
                    AND subjectPublicKeyInfo = excluded.subjectPublicKeyInfo
                """
        ).execute(arguments: [
            responder.certificateAuthority, responder.keyAlgorithm.rawValue, Data(responder.keyIdentifier),
            responder.keyStorageSecurityStandard, Data(responder.subjectPublicKeyInfo),
            responder.certificate.map { Data($0) },
        ])
        guard db.changesCount == 1 else {
            throw StorageError.conflict(
                "the responder of the certificate authority \(responder.certificateAuthority)")
        }
    }
}

extension ResponderRecord {
    fileprivate init(row: Row) throws {
        let authority: String = row["certificateAuthority"]
        guard let algorithm = KeyAlgorithm(rawValue: row["keyAlgorithm"]) else {
            throw StorageError.corrupt("the responder of the certificate authority \(authority)")
        }
        self.init(
            certificateAuthority: authority, keyAlgorithm: algorithm,
            keyIdentifier: Array(row["keyIdentifier"] as Data),
            keyStorageSecurityStandard: row["keyStorageSecurityStandard"],
            subjectPublicKeyInfo: Array(row["subjectPublicKeyInfo"] as Data),
            certificate: (row["certificate"] as Data?).map { Array($0) })
    }
}

extension SQLiteStore {
    public func responder(of certificateAuthority: String) async throws(StorageError) -> ResponderRecord? {
        try await read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM responder WHERE certificateAuthority = ?",
                arguments: [certificateAuthority]
            ).map(ResponderRecord.init)
        }
    }

    public func responders() async throws(StorageError) -> [ResponderRecord] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM responder ORDER BY certificateAuthority")
                .map(ResponderRecord.init)
        }
    }
}
