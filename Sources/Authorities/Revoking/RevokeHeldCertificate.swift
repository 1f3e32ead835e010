public import Audit
public import Authorization
internal import PKIX
public import RecordKeeping
public import Storage
internal import SwiftASN1
internal import X509

/// Revokes a certificate because its key asks for it: the request has a signature of the certificate's own
/// key. So a service that lost its key can end its certificate, and no other.
public struct RevokeHeldCertificate: Sendable {
    let certificates: RevocableCertificates
    let recorder: Recorder
    let dueLists: DueAuthorities

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.revokeHeldCertificate
        public let certificateAuthority: ARN
        /// Big-endian, without leading zeros; nil for a text that is no serial number.
        public let serialNumber: [UInt8]?
        public let reason: RevocationRecord.Reason
        /// A signature over the octets of ``RevocationProof``.
        public let proof: [UInt8]

        public init(
            certificateAuthority: ARN, serialNumber: [UInt8]?, reason: RevocationRecord.Reason,
            proof: [UInt8]
        ) {
            self.certificateAuthority = certificateAuthority
            self.serialNumber = serialNumber
            self.reason = reason
            self.proof = proof
        }
    }

    /// Returns when the revocation is durable. The next CRL, which is made at once, has it.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        let certificate = try await certificates.certificate(
            request.serialNumber, of: request.certificateAuthority, because: request.reason)
        guard Self.isProven(certificate, request) else {
            throw .invalidRequest(
                "the ProofSignature is not a signature of the certificate's key over its ARN, \(certificate.arn), and the reason"
            )
        }
        let audited = try await recorder.revoke(certificate, for: call, allowedBy: statement)
        dueLists.insert(certificate.record.certificateAuthority)
        return audited
    }

    private static func isProven(_ certificate: RevocableCertificate, _ request: Request) -> Bool {
        guard let parsed = try? Certificate(derEncoded: certificate.der),
            let key = try? SubjectPublicKey(parsed.publicKey), let algorithm = key.proofAlgorithm
        else { return false }
        let text = RevocationProof.octets(
            certificate: certificate.arn.description, reason: request.reason.rawValue)
        return key.isValidSignature(request.proof, of: text, algorithm)
    }
}
