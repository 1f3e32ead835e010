/// The objects that a key of this daemon may sign. The list is complete: no key signs anything else.
public enum SigningPurpose: String, Sendable, Hashable, CaseIterable {
    case certificate = "Certificate"
    case certificationRequest = "CertificationRequest"
    /// A CRL.
    case certificateList = "CertificateList"
    /// The certificate of an OCSP responder, which an authority signs for the daemon's own key.
    case responderCertificate = "ResponderCertificate"
    /// An OCSP response. The key of a responder makes many under one intent (``SignatureBatch``).
    case ocspResponse = "OCSPResponse"
    /// A checkpoint of the audit log. It is the only purpose without an intent: the intent would be a new
    /// event in the log, which would need another checkpoint.
    case checkpoint = "Checkpoint"

    /// Whether a durable intent precedes the signature.
    public var opensIntent: Bool { self != .checkpoint }
}
