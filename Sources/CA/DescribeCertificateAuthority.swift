public import Audit
public import Authorization

/// A request about one certificate authority that needs nothing but its ARN.
public protocol CertificateAuthorityRequest: Authorizable {
    var certificateAuthority: ARN { get }
}

extension CertificateAuthorityRequest {
    public var resource: String { certificateAuthority.description }
}

public struct DescribeCertificateAuthority: CertificateAuthorityRequest {
    public static let action = Action.describeCertificateAuthority
    public let certificateAuthority: ARN

    public init(certificateAuthority: ARN) { self.certificateAuthority = certificateAuthority }
}

extension CertificateAuthorities {
    public func describeCertificateAuthority(
        _ authorized: consuming Authorized<DescribeCertificateAuthority>, for call: APICall
    ) async throws(CAError) -> Audited<CertificateAuthorityDetails> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: DescribeCertificateAuthority
    ) async throws(CAError) -> CertificateAuthorityDetails {
        let arn = request.certificateAuthority
        return try CertificateAuthorityDetails(try await record(arn), arn: arn, at: clock())
    }
}
