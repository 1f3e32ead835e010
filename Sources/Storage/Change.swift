public import Audit
public import Foundation

/// One change of the store. A commit is a list of changes that succeed or fail together.
public enum Change: Sendable {
    case insertCertificateAuthority(CertificateAuthorityRecord)
    /// Replaces the record of the same revision and increments the revision. Throws
    /// ``StorageError/conflict(_:)`` when another change came first.
    case updateCertificateAuthority(CertificateAuthorityRecord)
    /// Reserves the serial number permanently. Throws ``StorageError/serialNumberTaken`` when it is already
    /// reserved.
    case reserveSerialNumber(CertificateRecord)
    /// Sets the outcome of a reserved certificate, once. `outcome` is added to the log, and the record stores
    /// its index.
    case concludeCertificate(serialNumber: String, CertificateRecord.Status, outcome: AuditEvent)
    /// Fails with ``StorageError/alreadyClaimed(_:)`` while an older claim with the same key has not expired.
    case claimIdempotency(IdempotencyClaim)
    /// Removes the claims with this ARN as answer, because creating its object failed.
    case releaseIdempotency(answer: String)
    /// Throws ``StorageError/approvalsExceeded(_:)`` when the requester's waiting requests would exceed the
    /// limits.
    case insertApproval(ApprovalRecord, within: ApprovalLimits)
    /// Replaces the record of the same revision and increments the revision. Throws
    /// ``StorageError/conflict(_:)`` when another change came first.
    case updateApproval(ApprovalRecord)
    /// Removes ended requests whose expiry time is before this time. Their events stay in the log.
    case removeApprovals(endedBefore: Date)
    /// Throws ``StorageError/conflict(_:)`` when the authority has another report that has not failed and was
    /// created after this time.
    case insertAuditReport(AuditReportRecord, unlessOneSince: Date)
    /// Sets the outcome of a report that is being made. Throws ``StorageError/conflict(_:)`` when it has an
    /// outcome already.
    case concludeAuditReport(id: String, AuditReportRecord.Status)
    /// Throws ``StorageError/alreadyRevoked`` when the authority has a revocation of this serial number.
    case revoke(RevocationRecord)
    /// Reserves a CRL number, permanently. Throws ``StorageError/conflict(_:)`` unless it is greater than all
    /// that were reserved for the authority.
    case reserveListNumber(certificateAuthority: String, number: Int64)
    /// Replaces the facts about the authority's newest CRL, whose number was reserved.
    case recordCertificateList(CertificateListRecord)
    /// Replaces the facts about the newest CRL of an authority that is not of this daemon.
    case recordImportedList(ImportedListRecord)
    /// Throws ``StorageError/conflict(_:)`` when the authority has one with this serial number.
    case insertImportedCertificate(ImportedCertificateRecord)
    /// Replaces the authority's responder. Its key never changes: throws ``StorageError/conflict(_:)`` for
    /// another.
    case recordResponder(ResponderRecord)
    case openIntent(IntentRecord)
    case closeIntent(id: String)
    /// Adds an event to the end of the log. No change removes events.
    case append(AuditEvent)
    /// Stores the log's key. It can be stored only once.
    case recordLogKey(LogKeyRecord)
    /// Stores a signed checkpoint of the first `size` events.
    case recordCheckpoint(size: UInt64, note: String)
}

/// Why the store failed.
public enum StorageError: Error, Sendable, CustomStringConvertible {
    case conflict(String)
    case serialNumberTaken
    case alreadyClaimed(IdempotencyClaim)
    case alreadyRevoked
    /// The requester's waiting requests have reached the limit of number or octets.
    case approvalsExceeded(ApprovalLimits)
    /// The database cannot be read or written; `reason` is its own message.
    case unavailable(reason: String)
    /// Stored data is invalid.
    case corrupt(String)

    public var description: String {
        switch self {
        case .conflict(let what): "\(what) was changed by another request"
        case .serialNumberTaken: "the serial number is taken"
        case .alreadyRevoked: "the certificate was revoked before"
        case .alreadyClaimed: "the idempotency token was used before"
        case .approvalsExceeded(let limits):
            "\(limits.count) requests, or \(limits.octets) octets of them, wait for approval already"
        case .unavailable(let reason): "the database is not available: \(reason)"
        case .corrupt(let what): "the database holds what it should not: \(what)"
        }
    }
}
