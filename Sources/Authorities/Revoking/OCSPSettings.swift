/// How OCSP requests are answered, by the operator's configuration.
public struct OCSPSettings: Sendable, Hashable {
    /// The keys that can sign responses (RFC 6960, section 4.2.2.2).
    public enum Signer: String, Sendable, Hashable, CaseIterable {
        /// A key that the daemon makes for each authority, with a certificate of the authority.
        case responder
        /// The authority's own key.
        case authority
    }

    /// The URL of the responder, without a slash at its end; nil for none.
    public var url: String?
    public var signer: Signer
    /// How long a response is valid.
    public var answerMinutes: Int
    /// How long the certificate of a responder is valid.
    public var responderDays: Int
    /// Whether certificates that were never issued are called revoked (RFC 6960, section 2.2), and not
    /// unknown.
    public var callsUnissuedRevoked: Bool
    /// Whether the daemon can make keys. Otherwise they come from ceremonies.
    public var makesKeys = true

    public init(
        url: String? = nil, signer: Signer = .responder, answerMinutes: Int = 60, responderDays: Int = 7,
        callsUnissuedRevoked: Bool = false
    ) {
        self.url = url
        self.signer = signer
        self.answerMinutes = answerMinutes
        self.responderDays = responderDays
        self.callsUnissuedRevoked = callsUnissuedRevoked
    }
}
