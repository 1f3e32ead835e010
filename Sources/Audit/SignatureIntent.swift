public import Authorization
public import Foundation
internal import JSON
internal import PKIX

/// What is about to be signed, said before the token is asked.
public struct SignatureIntent: Sendable, Hashable {
    public enum Purpose: String, Sendable, Hashable {
        case certificate = "Certificate"
        case certificationRequest = "CertificationRequest"
    }

    /// A UUID.
    public let id: String
    public let purpose: Purpose
    /// SHA-256 of the exact bytes that will be signed.
    public let digest: [UInt8]
    /// CKA_ID of the key that will sign.
    public let keyIdentifier: [UInt8]
    public let certificateAuthority: ARN
    /// Hexadecimal; nil for what has no serial number.
    public let serialNumber: String?
    /// The request on whose behalf it is signed.
    public let requestID: String
    public let time: Date

    public init(
        purpose: Purpose, digest: [UInt8], keyIdentifier: [UInt8], certificateAuthority: ARN,
        serialNumber: String?, requestID: String, time: Date
    ) {
        id = timeOrderedUUID()
        self.purpose = purpose
        self.digest = digest
        self.keyIdentifier = keyIdentifier
        self.certificateAuthority = certificateAuthority
        self.serialNumber = serialNumber
        self.requestID = requestID
        self.time = time
    }

    /// The event that tells of it.
    public func event(scope: AuditScope) -> AuditEvent {
        .service("SignatureIntent", scope: scope, time: time, details: details)
    }

    /// The event of a signature that was not made, or not released.
    public func failed(scope: AuditScope, time: Date, reason: String) -> AuditEvent {
        var details = details
        details["status"] = "FAILED"
        details["statusReason"] = .string(reason)
        return .service("SignatureOutcome", scope: scope, time: time, details: details)
    }

    /// The event of a signature that was made and verified.
    public func signed(scope: AuditScope, time: Date) -> AuditEvent {
        var details = details
        details["status"] = "SIGNED"
        return .service("SignatureOutcome", scope: scope, time: time, details: details)
    }

    private var details: JSONObject {
        var details: JSONObject = [
            "certificateAuthorityArn": .string(certificateAuthority.description),
            "intentID": .string(id),
            "keyIdentifier": .string(hexadecimal(keyIdentifier)),
            "purpose": .string(purpose.rawValue),
            "requestID": .string(requestID),
            "sha256": .string(hexadecimal(digest)),
        ]
        if let serialNumber { details["serialNumber"] = .string(serialNumber) }
        return details
    }
}
