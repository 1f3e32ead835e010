public import Audit
public import Authorities
public import Authorization
public import RecordKeeping
internal import Storage

/// Proves that a certificate's issuance is in the log.
public struct GetIssuanceReceipt: Sendable, SingleAction {
    public static let action = Action.getIssuanceReceipt
    public typealias Request = IssuedCertificateRequest<Self>

    let certificates: CertificateLookup
    let events: EventLookup
    let recorder: Recorder

    /// The event with the certificate's outcome (IssueCertificateDetails), proven in a signed checkpoint.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<ProvenEvent> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let record = try await certificates.record(request.certificate, of: request.certificateAuthority)
            guard case .issued = record.status, let index = record.outcomeIndex else {
                throw .invalidState("the certificate \(request.certificate) has no outcome in the log")
            }
            return try await events.proven(index)
        }
    }
}
