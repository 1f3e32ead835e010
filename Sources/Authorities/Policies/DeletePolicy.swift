public import Audit
public import Authorization
public import RecordKeeping
internal import Storage

/// Deletes an authority's policy.
public struct DeletePolicy: Sendable, SingleAction {
    public static let action = Action.deletePolicy
    public typealias Request = AuthorityRequest<Self>

    let changes: AuthorityChanges

    /// Deleting a missing policy succeeds.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (arn, statement) = (authorized.request.certificateAuthority, authorized.statement)
        return try await changes.change(arn, call: call, statement: statement) { (record) throws(CAError) in
            record.policy = nil
        }
    }
}
