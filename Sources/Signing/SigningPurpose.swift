/// The objects that a key of this daemon may sign. The list is complete: no key signs anything else.
public enum SigningPurpose: String, Sendable, Hashable, CaseIterable {
    case certificate = "Certificate"
    case certificationRequest = "CertificationRequest"
    /// A CRL.
    case certificateList = "CertificateList"
    /// A checkpoint of the audit log. It is the only purpose without an intent: the intent would be a new
    /// event in the log, which would need another checkpoint.
    case checkpoint = "Checkpoint"

    /// Whether a durable intent precedes the signature.
    public var opensIntent: Bool { self != .checkpoint }
}
