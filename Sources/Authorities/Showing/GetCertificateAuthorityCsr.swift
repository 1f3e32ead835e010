public import Audit
public import Authorization
internal import PKIX
public import RecordKeeping
internal import Storage

/// Shows an authority's CSR.
public struct GetCertificateAuthorityCsr: Sendable {
    let authorities: AuthorityLookup
    let recorder: Recorder

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.getCertificateAuthorityCsr
        public let certificateAuthority: ARN

        public init(certificateAuthority: ARN) { self.certificateAuthority = certificateAuthority }
    }

    /// The authority's CSR as PEM: the same one every time, also after it has a certificate.
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
        let record = try await authorities.record(arn)
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
