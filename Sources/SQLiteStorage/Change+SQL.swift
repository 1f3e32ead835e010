internal import Audit
internal import Authorization
internal import Foundation
internal import GRDB
internal import PKIX
internal import Storage
internal import TransparencyLog

/// Additions of a transaction to state outside its tables. They are valid once the transaction is on disk.
struct Additions {
    /// The tree of the log. A new event is its next leaf.
    var tree: GrowingTree
    /// Concluded certificates: their serial numbers and their place in the order of conclusion.
    var concluded: [String: Int64] = [:]
    let serialNumbers: SerialNumberIndex
}

extension Change {
    /// Makes the change, or throws a ``StorageError`` for a rule it breaks.
    func apply(to db: Database, _ additions: inout Additions) throws {
        switch self {
        case .insertCertificateAuthority(let record):
            try insert(record, db)
        case .updateCertificateAuthority(let record):
            try update(record, db)
        case .reserveSerialNumber(let record):
            try reserve(record, additions, db)
        case .concludeCertificate(let serialNumber, let status, let outcome):
            try append(outcome, &additions.tree, db)
            let outcomeIndex = Int64(additions.tree.size) - 1
            try conclude(serialNumber, status, outcome.time, outcomeIndex: outcomeIndex, db)
            additions.concluded[serialNumber] = db.lastInsertedRowID
        case .claimIdempotency(let claim):
            try self.claim(claim, db)
        case .releaseIdempotency(let answer):
            try db.cachedStatement(sql: "DELETE FROM idempotencyClaim WHERE answer = ?").execute(arguments: [
                answer
            ]
            )
        case .insertAuditReport(let record, let time): try insert(record, unlessOneSince: time, db)
        case .concludeAuditReport(let id, let status): try concludeReport(id, status, db)
        case .insertApproval(let record, let limits):
            try ApprovalChanges.insert(record, within: limits, db)
        case .removeApprovals(let time): try ApprovalChanges.remove(endedBefore: time, db)
        case .updateApproval(let record): try ApprovalChanges.update(record, db)
        case .revoke(let record): try revoke(record, db)
        case .reserveListNumber(let authority, let number): try reserve(number, of: authority, db)
        case .recordCertificateList(let record): try self.record(record, db)
        case .recordImportedList(let record): try self.record(record, db)
        case .insertImportedCertificate(let record): try insert(record, db)
        case .recordResponder(let record): try self.record(record, db)
        case .openIntent(let intent):
            try db.cachedStatement(
                sql: """
                    INSERT INTO intent (id, purpose, digest, keyIdentifier, certificateAuthority, serialNumber,
                        requestID, recordedAt, maximumSignatures) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                intent.id, intent.purpose, Data(intent.digest), Data(intent.keyIdentifier),
                intent.certificateAuthority, intent.serialNumber, intent.requestID,
                intent.recordedAt.timeIntervalSince1970, intent.maximumSignatures,
            ])
        case .closeIntent(let id):
            try db.cachedStatement(sql: "DELETE FROM intent WHERE id = ?").execute(arguments: [id])
            guard db.changesCount == 1 else { throw StorageError.conflict("the intent \(id)") }
        case .append(let event): try append(event, &additions.tree, db)
        case .recordLogKey(let key):
            try db.cachedStatement(
                sql: "INSERT INTO logKey (single, identifier, subjectPublicKeyInfo) VALUES (0, ?, ?)"
            ).execute(arguments: [Data(key.identifier), Data(key.subjectPublicKeyInfo)])
        case .recordCheckpoint(let size, let note):
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO checkpoint (size, note) VALUES (?, ?)")
                .execute(arguments: [Int64(size), note])
        }
    }

    private func append(_ event: AuditEvent, _ tree: inout GrowingTree, _ db: Database) throws {
        let complete = tree.append(TreeHash(leaf: event.body))
        try db.cachedStatement(sql: "INSERT INTO event (position, id, body) VALUES (?, ?, ?)")
            .execute(arguments: [Int64(tree.size), event.id, event.body])
        for tile in complete { try tile.insert(db) }
    }

    private func insert(_ record: CertificateAuthorityRecord, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO certificateAuthority (id, revision, kind, status, createdAt, lastStateChangeAt,
                    keyAlgorithm, signingAlgorithm, subject, usageMode, keyStorageSecurityStandard, keyIdentifier,
                    subjectPublicKeyInfo, certificateSigningRequest, certificate, chain, tags, policy,
                    permissions, revocation)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            record.id, record.revision, record.kind.rawValue, record.status.rawValue,
            record.createdAt.timeIntervalSince1970, record.lastStateChangeAt.timeIntervalSince1970,
            record.keyAlgorithm.rawValue, record.signingAlgorithm.rawValue, try record.subjectText(),
            record.usageMode.rawValue, record.keyStorageSecurityStandard, Data(record.keyIdentifier),
            record.subjectPublicKeyInfo.map { Data($0) }, record.certificateSigningRequest.map { Data($0) },
            record.certificate.map { Data($0) }, try record.chainText(), try record.tagsText(), record.policy,
            try record.permissionsText(), try record.revocationText(),
        ])
    }

    /// Writes every member but the id. A member missing here would be lost without an error.
    private func update(_ record: CertificateAuthorityRecord, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE certificateAuthority SET revision = revision + 1, kind = ?, status = ?, createdAt = ?,
                    lastStateChangeAt = ?, keyAlgorithm = ?, signingAlgorithm = ?, subject = ?, usageMode = ?,
                    keyStorageSecurityStandard = ?, keyIdentifier = ?, subjectPublicKeyInfo = ?,
                    certificateSigningRequest = ?, certificate = ?, chain = ?, tags = ?, policy = ?,
                    permissions = ?, revocation = ?
                WHERE id = ? AND revision = ?
                """
        ).execute(arguments: [
            record.kind.rawValue, record.status.rawValue,
            record.createdAt.timeIntervalSince1970, record.lastStateChangeAt.timeIntervalSince1970,
            record.keyAlgorithm.rawValue, record.signingAlgorithm.rawValue, try record.subjectText(),
            record.usageMode.rawValue, record.keyStorageSecurityStandard, Data(record.keyIdentifier),
            record.subjectPublicKeyInfo.map { Data($0) }, record.certificateSigningRequest.map { Data($0) },
            record.certificate.map { Data($0) }, try record.chainText(), try record.tagsText(),
            record.policy, try record.permissionsText(), try record.revocationText(), record.id,
            record.revision,
        ])
        guard db.changesCount == 1 else {
            throw StorageError.conflict("the certificate authority \(record.id)")
        }
    }

    private func reserve(_ record: CertificateRecord, _ additions: Additions, _ db: Database) throws {
        guard additions.concluded[record.serialNumber] == nil,
            additions.serialNumbers.staged(record.serialNumber) == nil
        else { throw StorageError.serialNumberTaken }
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO reservation
                    (serialNumber, certificateAuthority, templateARN, requester, requestedAt, notAfter)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6
                WHERE NOT EXISTS (SELECT 1 FROM filedSerialNumber WHERE serialNumber = ?1)
                """
        ).execute(arguments: [
            record.serialNumber, record.certificateAuthority, record.templateARN, record.requester,
            record.requestedAt.timeIntervalSince1970, record.notAfter.timeIntervalSince1970,
        ])
        guard db.changesCount == 1 else { throw StorageError.serialNumberTaken }
    }

    private func conclude(
        _ serialNumber: String, _ status: CertificateRecord.Status, _ time: Date, outcomeIndex: Int64,
        _ db: Database
    ) throws {
        let (certificate, failure, issuedAt): (Data?, String?, TimeInterval?) =
            switch status {
            case .reserved: (nil, nil, nil)
            case .issued(let der): (Data(der), nil, time.timeIntervalSince1970)
            case .failed(let reason): (nil, reason, nil)
            }
        // A concluded certificate is no longer reserved, and cannot be concluded again.
        try db.cachedStatement(
            sql: """
                INSERT INTO certificate (serialNumber, certificateAuthority, templateARN, requester,
                    requestedAt, notAfter, certificate, failure, issuedAt, outcomeIndex)
                SELECT serialNumber, certificateAuthority, templateARN, requester, requestedAt, notAfter,
                    ?, ?, ?, ?
                FROM reservation WHERE serialNumber = ?
                """
        ).execute(arguments: [certificate, failure, issuedAt, outcomeIndex, serialNumber])
        guard db.changesCount == 1 else { throw StorageError.conflict("the certificate \(serialNumber)") }
        try db.cachedStatement(sql: "DELETE FROM reservation WHERE serialNumber = ?")
            .execute(arguments: [serialNumber])
    }

    private func claim(_ claim: IdempotencyClaim, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM idempotencyClaim WHERE expiresAt <= ?")
            .execute(arguments: [claim.madeAt.timeIntervalSince1970])
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO idempotencyClaim (key, requestDigest, answer, madeAt, expiresAt)
                VALUES (?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            claim.key, claim.requestDigest, claim.answer, claim.madeAt.timeIntervalSince1970,
            claim.expiresAt.timeIntervalSince1970,
        ])
        guard db.changesCount == 1 else {
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT * FROM idempotencyClaim WHERE key = ?", arguments: [claim.key])
            else { throw StorageError.conflict("the idempotency token") }
            throw StorageError.alreadyClaimed(IdempotencyClaim(row: row))
        }
    }
}
