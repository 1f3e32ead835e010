internal import Audit
internal import Authorization
internal import Crypto
internal import Foundation
internal import JSON
internal import PKIX
internal import SwiftASN1
internal import X509

/// What the log says of an issued certificate: CloudTrail's `IssueCertificateDetails`.
struct IssuanceDetails: Sendable {
    let tbsCertificate: [UInt8]
    let serialNumber: [UInt8]
    let issuer: DistinguishedName
    let subject: DistinguishedName
    let notBefore: CivilTime
    let notAfter: CivilTime
    let templateARN: String
    /// What the request asked for and did not get.
    let ignored: [String]
    let certificateAuthority: ARN
    let certificate: ARN
    let requester: ARN
    let signingAlgorithm: SigningAlgorithm

    func event(intent: SignatureIntent, certificate der: [UInt8], scope: AuditScope, time: Date) -> AuditEvent
    {
        var details: JSONObject = [
            "certificateArn": .string(certificate.description),
            "certificateAuthorityArn": .string(certificateAuthority.description),
            "certificateSha256": .string(hexadecimal(SHA256.hash(data: der))),
            "intentID": .string(intent.id),
            "issuedAt": .string(AuditEvent.text(time)),
            "issuerName": .string(issuer.description),
            "notAfter": .string(notAfter.description),
            "notBefore": .string(notBefore.description),
            "requestID": .string(intent.requestID),
            "requesterAccountId": .string(requester.account),
            "requesterArn": .string(requester.description),
            "serialNumber": .string(hexadecimal(serialNumber, separator: ":").uppercased()),
            "signingAlgorithm": .string(signingAlgorithm.rawValue),
            "status": "ISSUED",
            "subject": .string(subject.description),
            "tbsCertificate": .string(Data(tbsCertificate).base64EncodedString()),
            "templateArn": .string(templateARN),
        ]
        if !ignored.isEmpty { details["ignored"] = .array(ignored.map { .string($0) }) }
        return .service("IssueCertificateDetails", scope: scope, time: time, details: details)
    }
}
