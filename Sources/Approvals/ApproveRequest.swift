public import Audit
public import Authorization
internal import Foundation
internal import JSON
public import RecordKeeping
public import Storage

/// Records one officer's approval of the content with a digest.
public struct ApproveRequest: Sendable {
    let approvals: ApprovalLookup
    let recorder: Recorder
    let clock: Clock

    public struct Request: Authorizable {
        public static let action = Action.approveRequest
        public let resource: String
        public let id: String
        /// SHA-256 of the content that the officer examined, in hexadecimal.
        public let digest: String

        public init(resource: String, id: String, digest: String) {
            self.resource = resource
            self.id = id
            self.digest = digest
        }
    }

    /// Records an approval. After the last required approval it returns the record as `APPROVED`, once, and
    /// the caller carries the request out.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, caller: Caller,
        isStillAllowed: @Sendable (ApprovalRecord.Approval) -> Bool,
        call: APICall
    ) async throws(CAError) -> Audited<ApprovalRecord> {
        let (request, officer, statement) = (
            authorized.request, authorized.principal.arn.description, authorized.statement
        )
        var record = try await approvals.approval(request.id, to: .approve)
        guard request.digest == record.digest else {
            throw .invalidArguments(
                "the digest is not that of the request \(record.id), which is \(record.digest): look at it again"
            )
        }
        try Self.requireDistinct(officer, caller, record)
        guard let facts = try? JSONEncoder().encode(caller) else {
            throw .requestFailed("the approval cannot be recorded")
        }
        record.approvals.append(.init(principal: officer, uid: caller.uid, peer: facts, time: clock.now()))
        // Approvals by principals that have since lost the permission are not counted.
        let counted = record.approvals.filter(isStillAllowed)
        if counted.count >= record.needed {
            do { try record.approve() } catch { throw CAError(error) }
        }
        return try await recorder.commit(
            [.updateApproval(record)],
            answering: Answer(
                record.updated(), to: call, allowedBy: statement,
                response: [
                    "id": .string(record.id), "digest": .string(record.digest),
                    "approvals": .integer(Int64(counted.count)), "needed": .integer(Int64(record.needed)),
                    "status": .string(record.status.rawValue),
                ]))
    }

    /// Requires an officer whose principal and user differ from those of the requester and of earlier
    /// officers.
    private static func requireDistinct(
        _ officer: String, _ caller: Caller, _ record: ApprovalRecord
    ) throws(CAError) {
        let requester = try? JSONDecoder().decode(Caller.self, from: record.peer)
        guard let requester, officer != record.requester, !caller.isSameOfficer(as: requester) else {
            throw .invalidArguments("the principal and user that made a request cannot approve it")
        }
        guard !record.approvals.contains(where: { $0.principal == officer || $0.uid == caller.uid }) else {
            throw .invalidArguments("you have approved it already; another officer must")
        }
    }
}
