public import Audit
public import Authorization
public import Foundation
internal import Identifiers
internal import JSON
public import Storage

/// A record of a signature before it is made. It is durable, in the log and in the store, before the token is
/// asked.
public struct SignatureIntent: Sendable, Hashable {
    /// A UUID.
    public let id: String
    public let purpose: SigningPurpose
    /// SHA-256 of the exact bytes that will be signed; for a batch, of the DER of the responder's certificate.
    public let digest: [UInt8]
    /// CKA_ID of the key that will sign.
    public let keyIdentifier: [UInt8]
    public let certificateAuthority: ARN
    /// Hexadecimal; nil for an object without a serial number.
    public let serialNumber: String?
    /// The id of the request that causes the signature.
    public let requestID: String
    public let time: Date
    /// The limits of an intent for many signatures; nil for an intent for one.
    public let batch: BatchLimits?

    public init(
        purpose: SigningPurpose, digest: [UInt8], keyIdentifier: [UInt8], certificateAuthority: ARN,
        serialNumber: String?, requestID: String, time: Date, batch: BatchLimits? = nil
    ) {
        id = timeOrderedUUID()
        self.purpose = purpose
        self.digest = digest
        self.keyIdentifier = keyIdentifier
        self.certificateAuthority = certificateAuthority
        self.serialNumber = serialNumber
        self.requestID = requestID
        self.time = time
        self.batch = batch
    }

    /// The row that the store keeps until there is an outcome.
    public var record: IntentRecord {
        IntentRecord(
            id: id, purpose: purpose.rawValue, digest: digest, keyIdentifier: keyIdentifier,
            certificateAuthority: certificateAuthority.description, serialNumber: serialNumber,
            requestID: requestID, recordedAt: time, maximumSignatures: batch?.signatures)
    }

    /// The event `SignatureIntent`.
    public func event(scope: AuditScope) -> AuditEvent {
        event(.signatureIntent, scope, time)
    }

    /// The event `SignatureOutcome` of a signature that was not made, or not released.
    public func failed(scope: AuditScope, time: Date, reason: String) -> AuditEvent {
        event(.signatureOutcome, scope, time, status: "FAILED", reason: reason)
    }

    /// The event `SignatureOutcome` of a signature that was made and verified.
    public func signed(scope: AuditScope, time: Date) -> AuditEvent {
        event(.signatureOutcome, scope, time, status: "SIGNED")
    }

    /// The event `SignatureOutcome` of a batch.
    /// - Parameter signatures: how many were made
    func concluded(scope: AuditScope, time: Date, signatures: Int) -> AuditEvent {
        event(.signatureOutcome, scope, time, status: "SIGNED", signatures: signatures)
    }

    private func event(
        _ event: ServiceEvent, _ scope: AuditScope, _ time: Date, status: String? = nil,
        reason: String? = nil, signatures: Int? = nil
    ) -> AuditEvent {
        .service(event, scope: scope, time: time) { details in
            details.add("certificateAuthorityArn", certificateAuthority.description)
            if let batch { details.add("endsAt", AuditEvent.text(batch.end)) }
            details.add("intentID", id)
            details.add("keyIdentifier", hexadecimal(keyIdentifier))
            if let batch { details.add("maximumSignatures", String(batch.signatures)) }
            details.add("purpose", purpose.rawValue)
            details.add("requestID", requestID)
            if let serialNumber { details.add("serialNumber", serialNumber) }
            details.add("sha256", hexadecimal(digest))
            if let signatures { details.add("signatures", String(signatures)) }
            if let status { details.add("status", status) }
            if let reason { details.add("statusReason", reason) }
        }
    }
}
