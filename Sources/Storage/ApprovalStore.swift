public import Foundation

/// A store of requests that wait for the approval of officers.
public protocol ApprovalStore: ChangeStore {
    func approval(_ id: String) async throws(StorageError) -> ApprovalRecord?

    /// The request for the certificate with this serial number.
    func approval(serialNumber: String) async throws(StorageError) -> ApprovalRecord?

    /// Newest first; those with this status, or all; at most `limit`, and those behind the one with the id
    /// `after`.
    func approvals(
        _ status: ApprovalRecord.Status?, after: String?, limit: Int
    ) async throws(StorageError) -> [ApprovalSummary]

    /// The id of the request of this requester that waits and has this digest.
    func pendingApproval(digest: String, requester: String) async throws(StorageError) -> String?

    /// How much of this requester waits. The limits are kept by ``Change/insertApproval(_:within:)``.
    func pendingApprovals(requester: String) async throws(StorageError) -> PendingApprovals

    /// The ids of those that wait and whose time is over.
    func overdueApprovals(at time: Date, limit: Int) async throws(StorageError) -> [String]
}
