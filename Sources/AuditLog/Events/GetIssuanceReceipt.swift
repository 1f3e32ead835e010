public import Audit
public import Authorities
public import Authorization
public import RecordKeeping
internal import Storage

/// Proves that a certificate's issuance is in the log.
public struct GetIssuanceReceipt: Sendable {
    let certificates: CertificateLookup
    let events: EventLookup
    let recorder: Recorder

    /// Proves that a certificate's issuance is in the log.
    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.getIssuanceReceipt
        public let certificateAuthority: ARN
        public let certificate: ARN

        public init(certificateAuthority: ARN, certificate: ARN) {
            self.certificateAuthority = certificateAuthority
            self.certificate = certificate
        }
    }

    /// The event with the certificate's outcome (IssueCertificateDetails), proven in a signed checkpoint.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<ProvenEvent> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await recorder.answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: Request
    ) async throws(CAError) -> ProvenEvent {
        let record = try await certificates.record(request.certificate, of: request.certificateAuthority)
        guard case .issued = record.status, let index = record.outcomeIndex else {
            throw .invalidState("the certificate \(request.certificate) has no outcome in the log")
        }
        return try await events.proven(index)
    }
}
