public import Audit
public import Authorization
internal import PKIX
internal import Storage

public struct GetCertificateAuthorityCsr: CertificateAuthorityRequest {
    public static let action = Action.getCertificateAuthorityCsr
    public let certificateAuthority: ARN

    public init(certificateAuthority: ARN) { self.certificateAuthority = certificateAuthority }
}

extension CertificateAuthorities {
    /// The authority's CSR as PEM: the same one every time, also after it has a certificate.
    public func getCertificateAuthorityCsr(
        _ authorized: consuming Authorized<GetCertificateAuthorityCsr>, for call: APICall
    ) async throws(CAError) -> Audited<String> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: GetCertificateAuthorityCsr
    ) async throws(CAError) -> String {
        let arn = request.certificateAuthority
        let record = try await record(arn)
        guard let request = record.certificateSigningRequest else {
            if record.status == .creating {
                throw .requestInProgress("the certificate authority \(arn) is being created")
            }
            throw .invalidState(
                "The certificate authority \(arn) is not in the correct state to have a certificate signing request."
            )
        }
        return PEM.encode(request, label: "CERTIFICATE REQUEST")
    }
}
