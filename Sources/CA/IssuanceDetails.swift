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
    let templateARN: String
    /// What the request asked for and did not get.
    let ignored: [String]
    let certificateAuthority: ARN
    let certificate: ARN
    let requester: ARN
    let signingAlgorithm: SigningAlgorithm

    func event(intent: SignatureIntent, certificate der: [UInt8], scope: AuditScope, time: Date) -> AuditEvent
    {
        var details: [String: JSONValue] = [
            "intentID": .string(intent.id),
            "requestID": .string(intent.requestID),
            "certificateAuthorityArn": .string(certificateAuthority.description),
            "certificateArn": .string(certificate.description),
            "requesterArn": .string(requester.description),
            "requesterAccountId": .string(requester.account),
            "tbsCertificate": .string(Data(tbsCertificate).base64EncodedString()),
            "certificateSha256": .string(hexadecimal(Array(SHA256.hash(data: der)))),
            "serialNumber": .string(hexadecimal(serialNumber, separator: ":").uppercased()),
            "templateArn": .string(templateARN),
            "signingAlgorithm": .string(signingAlgorithm.rawValue),
            "issuedAt": .string(Self.text(time)),
            "status": "ISSUED",
        ]
        if !ignored.isEmpty { details["ignored"] = .array(ignored.map { .string($0) }) }
        if let parsed = try? Certificate(derEncoded: der) {
            details["issuerName"] = .string(parsed.issuer.description)
            details["subject"] = .string(parsed.subject.description)
            details["notBefore"] = .string(Self.text(parsed.notValidBefore))
            details["notAfter"] = .string(Self.text(parsed.notValidAfter))
        }
        return .service("IssueCertificateDetails", scope: scope, time: time, details: details)
    }

    private static func text(_ date: Date) -> String {
        CivilTime(secondsSinceEpoch: Int64(date.timeIntervalSince1970.rounded(.down)))?.description ?? ""
    }
}
