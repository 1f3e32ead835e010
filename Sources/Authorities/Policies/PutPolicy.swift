public import Audit
public import Authorization
public import RecordKeeping
internal import Storage

/// Sets or replaces an authority's policy.
public struct PutPolicy: Sendable, SingleAction {
    public static let action = Action.putPolicy
    public typealias Request = AuthorityRequest<Self>

    let changes: AuthorityChanges

    /// - Parameter isLockedOut: whether this policy would keep the caller from changing it again
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, _ text: String, call: APICall,
        isLockedOut: @Sendable (Policy) -> Bool
    ) async throws(CAError) -> Audited<Void> {
        let (arn, statement) = (authorized.request.certificateAuthority, authorized.statement)
        return try await changes.change(arn, call: call, statement: statement) { (record) throws(CAError) in
            let policy = try ResourcePolicy(text, for: arn)
            guard !isLockedOut(policy.policy) else {
                throw .lockoutPrevented(
                    "the policy would keep you from changing or deleting it; leave PutPolicy, GetPolicy and DeletePolicy to yourself"
                )
            }
            record.policy = policy.text
        }
    }
}
