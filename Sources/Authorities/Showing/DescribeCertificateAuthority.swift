public import Audit
public import Authorization
public import RecordKeeping

/// Shows an authority.
public struct DescribeCertificateAuthority: Sendable {
    let authorities: AuthorityLookup
    let recorder: Recorder
    let clock: Clock

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.describeCertificateAuthority
        public let certificateAuthority: ARN

        public init(certificateAuthority: ARN) { self.certificateAuthority = certificateAuthority }
    }

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<CertificateAuthorityDetails> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await recorder.answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: Request
    ) async throws(CAError) -> CertificateAuthorityDetails {
        let arn = request.certificateAuthority
        return try CertificateAuthorityDetails(try await authorities.record(arn), arn: arn, at: clock.now())
    }
}

/// A request about one certificate authority that needs nothing but its ARN.
public protocol CertificateAuthorityRequest: Authorizable {
    var certificateAuthority: ARN { get }
}

extension CertificateAuthorityRequest {
    public var resource: String { certificateAuthority.description }
}
