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
            "intentID": .string(intent.id),
            "requestID": .string(intent.requestID),
            "certificateAuthorityArn": .string(certificateAuthority.description),
            "certificateArn": .string(certificate.description),
            "requesterArn": .string(requester.description),
            "requesterAccountId": .string(requester.account),
            "tbsCertificate": .string(Data(tbsCertificate).base64EncodedString()),
            "certificateSha256": .string(hexadecimal(SHA256.hash(data: der))),
            "serialNumber": .string(hexadecimal(serialNumber, separator: ":").uppercased()),
            "templateArn": .string(templateARN),
            "signingAlgorithm": .string(signingAlgorithm.rawValue),
            "issuedAt": .string(Self.text(time)),
            "issuerName": .string(issuer.description),
            "subject": .string(subject.description),
            "notBefore": .string(notBefore.description),
            "notAfter": .string(notAfter.description),
            "status": "ISSUED",
        ]
        if !ignored.isEmpty { details["ignored"] = .array(ignored.map { .string($0) }) }
        return .service("IssueCertificateDetails", scope: scope, time: time, details: details)
    }

    private static func text(_ date: Date) -> String {
        CivilTime(secondsSinceEpoch: Int64(date.timeIntervalSince1970.rounded(.down)))?.description ?? ""
    }
}
