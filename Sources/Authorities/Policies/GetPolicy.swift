public import Audit
public import Authorization
public import RecordKeeping
internal import Storage

/// Shows an authority's policy.
public struct GetPolicy: Sendable {
    let authorities: AuthorityLookup
    let recorder: Recorder

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.getPolicy
        public let certificateAuthority: ARN

        public init(certificateAuthority: ARN) { self.certificateAuthority = certificateAuthority }
    }

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<String> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await recorder.answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: Request
    ) async throws(CAError) -> String {
        let arn = request.certificateAuthority
        guard let policy = try await authorities.record(arn).policy else { throw .policyNotFound(arn) }
        return policy
    }
}
