public import Foundation

/// A store of requests that wait for the approval of officers.
public protocol ApprovalStore: ChangeStore {
    func approval(_ id: String) async throws(StorageError) -> ApprovalRecord?

    /// The request for the certificate with this serial number.
    func approval(serialNumber: String) async throws(StorageError) -> ApprovalRecord?

    /// Requests with this status, or all, newest first; at most `limit`, after the one with the id `after`.
    func approvals(
        _ status: ApprovalRecord.Status?, after: String?, limit: Int
    ) async throws(StorageError) -> [ApprovalSummary]

    /// The id of this requester's waiting request with this digest.
    func pendingApproval(digest: String, requester: String) async throws(StorageError) -> String?

    /// The number and size of this requester's waiting requests. ``Change/insertApproval(_:within:)``
    /// enforces the limits.
    func pendingApprovals(requester: String) async throws(StorageError) -> PendingApprovals

    /// The ids of waiting requests that are overdue.
    func overdueApprovals(at time: Date, limit: Int) async throws(StorageError) -> [String]
}
