public import Audit
public import Foundation

/// One thing that changes. A commit is a list of them, all or nothing.
public enum Change: Sendable {
    case insertCertificateAuthority(CertificateAuthorityRecord)
    /// Replaces the record of the same revision, and counts the revision on; ``StorageError/conflict(_:)``
    /// when another change came first.
    case updateCertificateAuthority(CertificateAuthorityRecord)
    /// Takes the serial number for ever; ``StorageError/serialNumberTaken`` when it was taken before.
    case reserveSerialNumber(CertificateRecord)
    /// Says what became of a reserved certificate, once: `outcome` is added to the log, and the record knows
    /// where.
    case concludeCertificate(serialNumber: String, CertificateRecord.Status, outcome: AuditEvent)
    /// Fails with ``StorageError/alreadyClaimed(_:)`` while an older claim with the same key has not expired.
    case claimIdempotency(IdempotencyClaim)
    /// Forgets the claims that are answered with this ARN: what it names did not come to be.
    case releaseIdempotency(answer: String)
    /// ``StorageError/approvalsExceeded(_:)`` when the requester would have more that wait than the limits
    /// allow.
    case insertApproval(ApprovalRecord, within: ApprovalLimits)
    /// Replaces the record of the same revision, and counts the revision on; ``StorageError/conflict(_:)``
    /// when another change came first.
    case updateApproval(ApprovalRecord)
    /// Forgets the requests that ended and whose time was over before. The log keeps what became of them.
    case removeApprovals(endedBefore: Date)
    /// ``StorageError/conflict(_:)`` when the authority has another report that did not fail and was created
    /// later than that.
    case insertAuditReport(AuditReportRecord, unlessOneSince: Date)
    /// Says what became of a report that was being made; ``StorageError/conflict(_:)`` when that was said
    /// before.
    case concludeAuditReport(id: String, AuditReportRecord.Status)
    case openIntent(IntentRecord)
    case closeIntent(id: String)
    /// Adds to the end of the log. There is no change that takes from it.
    case append(AuditEvent)
    /// Once, for ever.
    case recordLogKey(LogKeyRecord)
    /// Keeps a signed checkpoint of the first `size` events.
    case recordCheckpoint(size: UInt64, note: String)
}

/// Why something is not remembered.
public enum StorageError: Error, Sendable, CustomStringConvertible {
    case conflict(String)
    case serialNumberTaken
    case alreadyClaimed(IdempotencyClaim)
    /// The requester has as many requests for approval as it may have, or as many octets of them.
    case approvalsExceeded(ApprovalLimits)
    /// The database cannot be read or written; `reason` is its own sentence.
    case unavailable(reason: String)
    /// What was read cannot be what was written.
    case corrupt(String)

    public var description: String {
        switch self {
        case .conflict(let what): "\(what) was changed by another request"
        case .serialNumberTaken: "the serial number is taken"
        case .alreadyClaimed: "the idempotency token was used before"
        case .approvalsExceeded(let limits):
            "\(limits.count) requests, or \(limits.octets) octets of them, wait for approval already"
        case .unavailable(let reason): "the database is not available: \(reason)"
        case .corrupt(let what): "the database holds what it should not: \(what)"
        }
    }
}
