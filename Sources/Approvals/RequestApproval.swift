public import Audit
internal import Authorization
internal import Crypto
internal import Foundation
internal import Identifiers
internal import JSON
public import RecordKeeping
public import Storage

/// Keeps a request of an operation other than issuance until officers approve it.
public struct RequestApproval: Sendable {
    let store: any ApprovalStore
    let approvals: ApprovalLookup
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    /// Seconds that a request waits for officers.
    let lifetime: TimeInterval

    /// Keeps the request for officers. An equal request that already waits is not kept twice.
    public func callAsFunction(
        _ waiting: WaitingRequest, about resource: String, call: APICall
    ) async throws(CAError) -> ApprovalRecord {
        let (date, _) = try clock.civil()
        let content: JSONValue = ["operation": .string(waiting.title), "input": waiting.input]
        let approval = try waiting.approval(
            about: resource, content: content.encoded(), serialNumber: nil, at: date, lifetime: lifetime)
        try await approvals.expireOverdue()
        do {
            if let id = try await store.pendingApproval(
                digest: approval.digest, requester: approval.requester),
                let earlier = try await store.approval(id)
            {
                return earlier
            }
        } catch { throw .storage(error) }
        try await recorder.commit([
            .insertApproval(approval, within: WaitingRequest.mostWaiting),
            .append(
                .service(
                    .approvalRequested, scope: naming.scope, time: date,
                    details: [
                        "id": .string(approval.id), "requestID": .string(call.requestID),
                        "operation": .string(waiting.title), "requesterArn": .string(approval.requester),
                        "digest": .string(approval.digest), "needed": .integer(Int64(approval.needed)),
                    ])),
        ])
        return approval
    }
}
