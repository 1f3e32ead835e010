public import Audit
public import Authorization
internal import Foundation
internal import JSON
public import Storage

extension CertificateAuthorities {
    /// Records an officer's word. With the last one that is needed, the record comes back `APPROVED`, once, and the
    /// caller carries the request out.
    public func approve(
        _ authorized: consuming Authorized<ApproveRequest>, peer: Peer,
        stands: @Sendable (ApprovalRecord.Approval) -> Bool,
        call: APICall
    ) async throws(CAError) -> Audited<ApprovalRecord> {
        let (request, officer, statement) = (
            authorized.request, authorized.principal.arn.description, authorized.statement
        )
        var record = try await approval(request.id)
        try Self.requirePending(record)
        guard request.digest == record.digest else {
            throw .invalidArguments(
                "the digest is not that of the request \(record.id), which is \(record.digest): look at it again"
            )
        }
        try Self.requireDistinct(officer, peer, record)
        guard let facts = try? JSONEncoder().encode(peer) else {
            throw .requestFailed("the approval cannot be recorded")
        }
        record.approvals.append(.init(principal: officer, uid: peer.uid, peer: facts, time: clock()))
        // Approvals by principals that have since lost the permission are not counted.
        let counted = record.approvals.filter(stands)
        if counted.count >= record.needed { record.status = .approved }
        record.revision += 1
        return try await commit(
            [.updateApproval(record)],
            answering: Answer(
                record, to: call, allowedBy: statement,
                response: [
                    "id": .string(record.id), "digest": .string(record.digest),
                    "approvals": .integer(Int64(counted.count)), "needed": .integer(Int64(record.needed)),
                    "status": .string(record.status.rawValue),
                ]))
    }

    /// Ends a request's waiting; its certificate will not be issued.
    public func reject(
        _ authorized: consuming Authorized<RejectRequest>, call: APICall
    ) async throws(CAError) -> Audited<ApprovalRecord> {
        let (request, officer, statement) = (
            authorized.request, authorized.principal.arn, authorized.statement
        )
        var record = try await approval(request.id)
        try Self.requirePending(record)
        record.status = .rejected
        record.outcome =
            request.reason.isEmpty ? "rejected by \(officer)" : "rejected by \(officer): \(request.reason)"
        record.revision += 1
        let certificate = try await reservedCertificate(of: record)
        let answer = Answer(
            record, to: call, allowedBy: statement,
            response: ["id": .string(record.id), "status": "REJECTED", "digest": .string(record.digest)])
        do {
            return try await commits.commit(answering: answer) {
                Self.end(of: record, certificate, event: $0)
            }
        } catch { throw .storage(error) }
    }

    /// Says what became of a request that was approved.
    /// - Parameters:
    ///   - failure: why it could not be carried out; nil when it was
    ///   - requestID: of the call that carried it out; nil when there was none
    public func recordOutcome(
        of record: ApprovalRecord, failure: String?, requestID: String?
    ) async throws(CAError) -> ApprovalRecord {
        var record = record
        record.status = failure == nil ? .completed : .failed
        record.outcome = failure
        var details: JSONObject = [
            "id": .string(record.id), "digest": .string(record.digest),
            "status": .string(record.status.rawValue),
        ]
        if let requestID { details["requestID"] = .string(requestID) }
        if let failure { details["statusReason"] = .string(failure) }
        try await conclude(
            &record,
            event: .service("ApprovalOutcome", scope: naming.scope, time: clock(), details: details))
        return record
    }

    private static func requirePending(_ record: ApprovalRecord) throws(CAError) {
        guard record.status == .pending else {
            throw .invalidState("the request \(record.id) waits no longer: it is \(record.status.rawValue)")
        }
    }

    /// Two names of one user are one person.
    private static func requireDistinct(
        _ officer: String, _ peer: Peer, _ record: ApprovalRecord
    ) throws(CAError) {
        let requester = try? JSONDecoder().decode(Peer.self, from: record.peer)
        guard let requester, officer != record.requester, peer.uid != requester.uid else {
            throw .invalidArguments("who asked for it cannot approve it")
        }
        guard !record.approvals.contains(where: { $0.principal == officer || $0.uid == peer.uid }) else {
            throw .invalidArguments("you have approved it already; another officer must")
        }
    }

    // MARK: Time

    /// The record with what time did to it; nil when nothing.
    func expired(_ record: ApprovalRecord) async throws(CAError) -> ApprovalRecord? {
        guard record.status == .pending, record.expiresAt <= clock() else { return nil }
        var record = record
        record.status = .expired
        record.outcome = "not approved in time"
        try await conclude(
            &record,
            event: .service(
                "ApprovalExpired", scope: naming.scope, time: clock(),
                details: ["id": .string(record.id), "digest": .string(record.digest)]))
        return record
    }

    /// Requests that one call ends: the others wait for the next.
    private static let mostAtOnce = 100

    /// Ends the requests whose time is over.
    public func expireApprovals() async throws(CAError) {
        let overdue: [String]
        do { overdue = try await store.overdueApprovals(at: clock(), limit: Self.mostAtOnce) } catch {
            throw .storage(error)
        }
        for id in overdue { _ = try await approval(id) }
    }

    /// Forgets the requests that ended and whose time was over longer ago than they are kept. Their events stay.
    public func removeEndedApprovals() async throws(CAError) {
        let time = clock().addingTimeInterval(-approvalRetention)
        try await commit([.removeApprovals(endedBefore: time)])
    }

    /// The daemon stopped after the last approval, and before what became of it was recorded.
    func concludeApprovals() async throws(CAError) {
        while true {
            let approved: [ApprovalSummary]
            do {
                approved = try await store.approvals(.approved, after: nil, limit: Self.mostAtOnce)
            } catch { throw .storage(error) }
            guard !approved.isEmpty else { return }
            for summary in approved { try await concludeApproval(summary.id) }
        }
    }

    private func concludeApproval(_ id: String) async throws(CAError) {
        let found: ApprovalRecord?
        do { found = try await store.approval(id) } catch { throw .storage(error) }
        if let record = found {
            let failure: String?
            if let serialNumber = record.serialNumber {
                let certificate: CertificateRecord?
                do { certificate = try await store.certificate(serialNumber: serialNumber) } catch {
                    throw .storage(error)
                }
                switch certificate?.status {
                case .issued: failure = nil
                case .failed(let reason): failure = reason
                case .reserved, nil: failure = "the daemon stopped before it was carried out; ask again"
                }
            } else {
                failure =
                    "the daemon stopped while it was carried out; see whether it was before you ask again"
            }
            _ = try await recordOutcome(of: record, failure: failure, requestID: nil)
        }
    }

    /// Records how a request ended without a certificate.
    private func conclude(_ record: inout ApprovalRecord, event: AuditEvent) async throws(CAError) {
        record.revision += 1
        try await commit(Self.end(of: record, try await reservedCertificate(of: record), event: event))
    }

    /// The serial number that is reserved for the certificate a request waits for; nil when there is none.
    private func reservedCertificate(of record: ApprovalRecord) async throws(CAError) -> String? {
        guard let serialNumber = record.serialNumber else { return nil }
        do {
            return try await store.certificate(serialNumber: serialNumber)?.status == .reserved
                ? serialNumber : nil
        } catch { throw .storage(error) }
    }

    private static func end(
        of record: ApprovalRecord, _ reserved: String?, event: AuditEvent
    ) -> [Change] {
        guard let reserved else { return [.updateApproval(record), .append(event)] }
        return [
            .updateApproval(record),
            .concludeCertificate(
                serialNumber: reserved, .failed(reason: record.outcome ?? "not approved"), outcome: event),
            .releaseIdempotency(answer: "\(record.resource)/certificate/\(reserved)"),
        ]
    }
}
