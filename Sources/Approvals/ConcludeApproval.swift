internal import Audit
internal import JSON
public import RecordKeeping
public import Storage

/// Records the outcome of an approved request.
public struct ConcludeApproval: Sendable {
    let approvals: ApprovalLookup
    let naming: ARNNaming
    let clock: Clock

    /// Marks an approved request as COMPLETED or FAILED.
    /// - Parameters:
    ///   - failure: why it could not be carried out; nil when it was
    ///   - requestID: the requestID of the call that carried it out; nil if there was none
    public func callAsFunction(
        of record: ApprovalRecord, failure: String?, requestID: String?
    ) async throws(CAError) -> ApprovalRecord {
        var record = record
        do {
            if let failure { try record.fail(failure) } else { try record.complete() }
        } catch { throw CAError(error) }
        var details: JSONObject = [
            "id": .string(record.id), "digest": .string(record.digest),
            "status": .string(record.status.rawValue),
        ]
        if let requestID { details["requestID"] = .string(requestID) }
        if let failure { details["statusReason"] = .string(failure) }
        try await approvals.conclude(
            &record,
            event: .service(.approvalOutcome, scope: naming.scope, time: clock.now(), details: details))
        return record
    }
}
