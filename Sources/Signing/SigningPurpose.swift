/// What a key of this daemon may sign. The list is closed: nothing else reaches a key.
public enum SigningPurpose: String, Sendable, Hashable, CaseIterable {
    case certificate = "Certificate"
    case certificationRequest = "CertificationRequest"
    /// A checkpoint of the audit log. It is the only purpose that opens no intent: a checkpoint whose intent were in the log
    /// would have to be followed by another checkpoint.
    case checkpoint = "Checkpoint"

    /// Whether the intent of such a signature is durable before the signature is made.
    public var opensIntent: Bool { self != .checkpoint }
}
