public import Audit
public import Foundation
public import TransparencyLog

/// One thing that changes. A commit is a list of them, all or nothing.
public enum Change: Sendable {
    case insertCertificateAuthority(CertificateAuthorityRecord)
    /// Replaces the record whose revision is one less; ``StorageError/conflict(_:)`` when another change came
    /// first.
    case updateCertificateAuthority(CertificateAuthorityRecord)
    /// Takes the serial number for ever; ``StorageError/serialNumberTaken`` when it was taken before.
    case reserveSerialNumber(CertificateRecord)
    /// Says what became of a reserved certificate, once: `outcome` is added to the log, and the record knows where.
    case concludeCertificate(serialNumber: String, CertificateRecord.Status, outcome: AuditEvent)
    /// Fails with ``StorageError/alreadyClaimed(_:)`` while an older claim with the same key has not expired.
    case claimIdempotency(IdempotencyClaim)
    /// Forgets the claims that are answered with this ARN: what it names did not come to be.
    case releaseIdempotency(answer: String)
    /// ``StorageError/approvalsExceeded(_:)`` when the requester would have more that wait than the limits allow.
    case insertApproval(ApprovalRecord, within: ApprovalLimits)
    /// Replaces the record whose revision is one less; ``StorageError/conflict(_:)`` when another change came first.
    case updateApproval(ApprovalRecord)
    /// Forgets the requests that ended and whose time was over before. The log keeps what became of them.
    case removeApprovals(endedBefore: Date)
    /// ``StorageError/conflict(_:)`` when the authority has another report that did not fail and was created later than that.
    case insertAuditReport(AuditReportRecord, unlessOneSince: Date)
    /// Says what became of a report that was being made; ``StorageError/conflict(_:)`` when that was said before.
    case concludeAuditReport(id: String, AuditReportRecord.Status)
    case openIntent(SignatureIntent)
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

/// A part of the log.
public struct EventSlice: Sendable {
    public var events: [(index: Int64, body: Data)]
    /// The first index that was not looked at.
    public var next: Int64

    public init(events: [(index: Int64, body: Data)], next: Int64) {
        self.events = events
        self.next = next
    }
}

/// What the certificate authorities need remembered. Everything in one commit is durable, or nothing is.
public protocol Store: IntentRecorder, SubtreeHashes where Claim == Change, Failure == StorageError {
    /// Makes the changes, in order, and returns when they survive a crash of the machine.
    func commit(_ changes: [Change]) async throws(StorageError)

    func certificateAuthority(_ id: String) async throws(StorageError) -> CertificateAuthorityRecord?
    /// Ordered by creation; at most `limit`, after the one with the id `after`. There are fewer when they have many octets, and
    /// none only when none comes after.
    func certificateAuthorities(
        after: String?, limit: Int
    ) async throws(StorageError) -> [CertificateAuthorityRecord]
    func certificate(serialNumber: String) async throws(StorageError) -> CertificateRecord?
    /// Those that were issued, in the order of their signatures; at most `limit`, and those behind `after`.
    func issuedCertificates(
        of certificateAuthority: String, after: CertificateRecord?, limit: Int
    ) async throws(StorageError) -> [CertificateRecord]
    func auditReport(_ id: String) async throws(StorageError) -> AuditReportRecord?
    /// Those that are being made, the oldest first.
    func unfinishedAuditReports() async throws(StorageError) -> [AuditReportRecord]
    func idempotencyClaim(key: String, at time: Date) async throws(StorageError) -> IdempotencyClaim?
    func approval(_ id: String) async throws(StorageError) -> ApprovalRecord?
    /// The request for the certificate with this serial number.
    func approval(serialNumber: String) async throws(StorageError) -> ApprovalRecord?
    /// Newest first; those with this status, or all; at most `limit`, and those behind the one with the id `after`.
    func approvals(
        _ status: ApprovalRecord.Status?, after: String?, limit: Int
    ) async throws(StorageError) -> [ApprovalSummary]
    /// The id of the request of this requester that waits and has this digest.
    func pendingApproval(digest: String, requester: String) async throws(StorageError) -> String?
    /// How much of this requester waits. The limits are kept by ``Change/insertApproval(_:within:)``.
    func pendingApprovals(requester: String) async throws(StorageError) -> PendingApprovals
    /// The ids of those that wait and whose time is over.
    func overdueApprovals(at time: Date, limit: Int) async throws(StorageError) -> [String]
    func unresolvedIntents() async throws(StorageError) -> [UnresolvedIntent]
    /// How many events the log has.
    func logSize() async throws(StorageError) -> UInt64
    func logKey() async throws(StorageError) -> LogKeyRecord?
    /// The newest signed checkpoint, or the first of the log with `size` events or more; nil when there is none.
    func checkpoint(of size: UInt64?) async throws(StorageError) -> String?
    /// The event with this eventID, or else that of the request with this requestID; of a request that never ended, the
    /// newest that names it.
    func event(id: String) async throws(StorageError) -> (index: Int64, body: Data)?
    /// The log's events in order, from `index` on; the first has index 0.
    func events(from index: Int64, limit: Int) async throws(StorageError) -> [(index: Int64, body: Data)]
    /// Those of the events in `range` that have a text of each list, in order; the first, and more until they have so many
    /// octets.
    func events(
        in range: Range<Int64>, having marks: [[String]], octets: Int
    ) async throws(StorageError) -> EventSlice
}

extension Store {
    public func record(
        _ intent: SignatureIntent, event: AuditEvent, claiming claims: [Change]
    ) async throws(StorageError) {
        try await commit(claims + [.openIntent(intent), .append(event)])
    }
}
