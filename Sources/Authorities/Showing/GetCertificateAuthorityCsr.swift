public import Audit
public import Authorization
internal import PKIX
public import RecordKeeping
internal import Storage

/// Shows an authority's CSR.
public struct GetCertificateAuthorityCsr: Sendable, SingleAction {
    public static let action = Action.getCertificateAuthorityCsr
    public typealias Request = AuthorityRequest<Self>

    let authorities: AuthorityLookup
    let recorder: Recorder

    /// The authority's CSR as PEM. It never changes, even after the certificate is imported.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<String> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let arn = request.certificateAuthority
            let record = try await authorities.record(arn)
            guard let csr = record.certificateSigningRequest else {
                if record.status == .creating {
                    throw .requestInProgress("the certificate authority \(arn) is being created")
                }
                throw .invalidState(
                    "The certificate authority \(arn) is not in the correct state to have a certificate signing request."
                )
            }
            return PEM.encode(csr, label: "CERTIFICATE REQUEST")
        }
    }
}
