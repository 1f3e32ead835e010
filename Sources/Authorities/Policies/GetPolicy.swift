public import Audit
public import Authorization
public import RecordKeeping
internal import Storage

/// Shows an authority's policy.
public struct GetPolicy: Sendable, SingleAction {
    public static let action = Action.getPolicy
    public typealias Request = AuthorityRequest<Self>

    let authorities: AuthorityLookup
    let recorder: Recorder

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<String> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let arn = request.certificateAuthority
            guard let policy = try await authorities.record(arn).policy else { throw .policyNotFound(arn) }
            return policy
        }
    }
}
