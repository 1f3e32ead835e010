public import Audit
public import Authorization
internal import Crypto
public import Foundation
internal import Identifiers
internal import JSON
public import PKIX
public import Signing

/// The event of an issued certificate: CloudTrail's `IssueCertificateDetails`.
public struct IssuanceDetails: Sendable {
    let tbsCertificate: [UInt8]
    let serialNumber: [UInt8]
    let issuer: String
    let subject: String
    let notBefore: CivilTime
    let notAfter: CivilTime
    let templateARN: String
    /// Requested parts that are not in the certificate, with the reasons.
    let ignored: [String]
    let certificateAuthority: ARN
    let certificate: ARN
    let requester: ARN
    let signingAlgorithm: SigningAlgorithm

    public init(
        tbsCertificate: [UInt8], serialNumber: [UInt8], issuer: String, subject: String,
        notBefore: CivilTime, notAfter: CivilTime, templateARN: String, ignored: [String],
        certificateAuthority: ARN, certificate: ARN, requester: ARN, signingAlgorithm: SigningAlgorithm
    ) {
        self.tbsCertificate = tbsCertificate
        self.serialNumber = serialNumber
        self.issuer = issuer
        self.subject = subject
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.templateARN = templateARN
        self.ignored = ignored
        self.certificateAuthority = certificateAuthority
        self.certificate = certificate
        self.requester = requester
        self.signingAlgorithm = signingAlgorithm
    }

    public func event(intent: SignatureIntent, certificate der: [UInt8], scope: AuditScope, time: Date)
        -> AuditEvent
    {
        .service(.issueCertificateDetails, scope: scope, time: time) { details in
            details.add("certificateArn", certificate.description)
            details.add("certificateAuthorityArn", certificateAuthority.description)
            details.add("certificateSha256", hexadecimal(SHA256.hash(data: der)))
            if !ignored.isEmpty { details.add("ignored", .array(ignored.map { .string($0) })) }
            details.add("intentID", intent.id)
            details.add("issuedAt", AuditEvent.text(time))
            details.add("issuerName", issuer)
            details.add("notAfter", notAfter.description)
            details.add("notBefore", notBefore.description)
            details.add("requestID", intent.requestID)
            details.add("requesterAccountId", requester.account)
            details.add("requesterArn", requester.description)
            details.add("serialNumber", hexadecimal(serialNumber, separator: ":").uppercased())
            details.add("signingAlgorithm", signingAlgorithm.rawValue)
            details.add("status", "ISSUED")
            details.add("subject", subject)
            details.add("tbsCertificate", Data(tbsCertificate).base64EncodedString())
            details.add("templateArn", templateARN)
        }
    }
}
