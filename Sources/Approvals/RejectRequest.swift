public import Audit
public import Authorization
internal import JSON
public import RecordKeeping
public import Storage

/// Records an officer's rejection, which ends a request.
public struct RejectRequest: Sendable {
    let approvals: ApprovalLookup
    let recorder: Recorder

    public struct Request: Authorizable {
        public static let action = Action.rejectRequest
        public let resource: String
        public let id: String
        public let reason: String

        public init(resource: String, id: String, reason: String) {
            self.resource = resource
            self.id = id
            self.reason = reason
        }
    }

    /// Marks the request as REJECTED, and its certificate as failed.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<ApprovalRecord> {
        let (request, officer, statement) = (
            authorized.request, authorized.principal.arn, authorized.statement
        )
        var record = try await approvals.approval(request.id, to: .reject)
        let reason = request.reason.isEmpty ? "" : ": \(request.reason)"
        do { try record.reject("rejected by \(officer)\(reason)") } catch { throw CAError(error) }
        let certificate = try await approvals.reservedCertificate(of: record)
        let answer = Answer(
            record.updated(), to: call, allowedBy: statement,
            response: ["id": .string(record.id), "status": "REJECTED", "digest": .string(record.digest)])
        return try await recorder.commit(answering: answer) {
            ApprovalLookup.end(of: record, certificate, event: $0)
        }
    }
}
