public import Audit
public import Authorization
internal import JSON
public import RecordKeeping
public import Storage

/// Revokes a certificate, for good.
public struct RevokeCertificate: Sendable {
    let certificates: RevocableCertificates
    let recorder: Recorder
    let dueLists: DueAuthorities

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.revokeCertificate
        public let certificateAuthority: ARN
        /// Big-endian, without leading zeros; nil for a text that is no serial number.
        public let serialNumber: [UInt8]?
        public let reason: RevocationRecord.Reason

        public init(
            certificateAuthority: ARN, serialNumber: [UInt8]?, reason: RevocationRecord.Reason
        ) {
            self.certificateAuthority = certificateAuthority
            self.serialNumber = serialNumber
            self.reason = reason
        }
    }

    /// Returns when the revocation is durable. The next CRL, which is made at once, has it.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        let certificate = try await certificates.certificate(
            request.serialNumber, of: request.certificateAuthority, because: request.reason)
        let audited = try await recorder.revoke(certificate, for: call, allowedBy: statement)
        dueLists.insert(certificate.record.certificateAuthority)
        return audited
    }
}

extension Recorder {
    /// Commits a revocation with the event of its call.
    func revoke(
        _ certificate: RevocableCertificate, for call: APICall, allowedBy statement: String
    ) async throws(CAError) -> Audited<Void> {
        do throws(StorageError) {
            return try await commits.commit(
                [.revoke(certificate.record)],
                answering: Answer(
                    (), to: call, allowedBy: statement,
                    response: ["certificateArn": .string(certificate.arn.description)]))
        } catch {
            guard case .alreadyRevoked = error else { throw .storage(error) }
            throw .alreadyProcessed("The certificate \(certificate.arn) is already revoked")
        }
    }
}
