public import Audit
public import Authorization
internal import PKIX
public import RecordKeeping
internal import Storage

/// Shows an authority's certificate and its chain.
public struct GetCertificateAuthorityCertificate: Sendable, SingleAction {
    public static let action = Action.getCertificateAuthorityCertificate
    public typealias Request = AuthorityRequest<Self>

    let authorities: AuthorityLookup
    let recorder: Recorder

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<CertificateAndChain> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let arn = request.certificateAuthority
            let record = try await authorities.record(arn)
            guard let certificate = record.certificate else {
                // The API's own message, which clients compare.
                throw .invalidState(
                    "The certificate authority \(arn) is not in the correct state to have a certificate signing request."
                )
            }
            return CertificateAndChain(
                certificate: PEM.encode(certificate, label: "CERTIFICATE"),
                chain: record.chain.isEmpty ? nil : PEM.encode(certificates: record.chain))
        }
    }
}

/// A certificate and its chain, each as PEM.
public struct CertificateAndChain: Sendable {
    public let certificate: String
    /// From the issuer up to the root; nil for a root.
    public let chain: String?
}
