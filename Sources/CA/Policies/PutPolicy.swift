public import Audit
public import Authorization
internal import Storage

/// Gives an authority a policy of its own, in place of the one it has.
public struct PutPolicy: CertificateAuthorityRequest {
    public static let action = Action.putPolicy
    public let certificateAuthority: ARN

    public init(certificateAuthority: ARN) { self.certificateAuthority = certificateAuthority }
}

public struct GetPolicy: CertificateAuthorityRequest {
    public static let action = Action.getPolicy
    public let certificateAuthority: ARN

    public init(certificateAuthority: ARN) { self.certificateAuthority = certificateAuthority }
}

public struct DeletePolicy: CertificateAuthorityRequest {
    public static let action = Action.deletePolicy
    public let certificateAuthority: ARN

    public init(certificateAuthority: ARN) { self.certificateAuthority = certificateAuthority }
}

extension CertificateAuthorities {
    /// - Parameter isLockedOut: whether the caller could not take it back under this policy
    public func putPolicy(
        _ authorized: consuming Authorized<PutPolicy>, _ text: String, call: APICall,
        isLockedOut: @Sendable (Policy) -> Bool
    ) async throws(CAError) -> Audited<Void> {
        let (arn, statement) = (authorized.request.certificateAuthority, authorized.statement)
        return try await change(arn, call: call, statement: statement) { (record) throws(CAError) in
            let policy = try ResourcePolicy(text, for: arn)
            guard !isLockedOut(policy.policy) else {
                throw .lockoutPrevented(
                    "the policy would keep you from changing or deleting it; leave PutPolicy, GetPolicy and DeletePolicy to yourself"
                )
            }
            record.policy = policy.text
        }
    }

    public func getPolicy(
        _ authorized: consuming Authorized<GetPolicy>, for call: APICall
    ) async throws(CAError) -> Audited<String> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: GetPolicy
    ) async throws(CAError) -> String {
        let arn = request.certificateAuthority
        guard let policy = try await record(arn).policy else { throw .policyNotFound(arn) }
        return policy
    }

    /// An authority without a policy stays one.
    public func deletePolicy(
        _ authorized: consuming Authorized<DeletePolicy>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (arn, statement) = (authorized.request.certificateAuthority, authorized.statement)
        return try await change(arn, call: call, statement: statement) { (record) throws(CAError) in
            record.policy = nil
        }
    }
}
