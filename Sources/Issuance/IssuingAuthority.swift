public import Authorization
public import PKIX
public import X509

/// The issuing authority: its parts that go into certificates, and its limits.
///
/// It is a class, because copying a struct would retain each of its many members.
public final class IssuingAuthority: Sendable {
    public let arn: ARN
    public let isRoot: Bool
    public let keyAlgorithm: KeyAlgorithm
    public let subjectPublicKey: SubjectPublicKey
    /// DER of its Name.
    public let subject: [UInt8]
    /// Its own certificate; nil for a root that has none yet.
    public let certificate: Certificate?
    /// The subject of its own certificate in the format of the log.
    let subjectText: String?
    /// The certificates above its own, from its issuer's to the root's.
    public let ancestors: [Certificate]
    /// The constraints of its own certificate and of those above.
    let constraints: ChainConstraints
    /// The longest validity it issues, in seconds from issuance; nil if only its own end limits it.
    public let longestValidity: Int64?
    /// Seconds by which its certificates begin before issuance, unless the request sets the beginning.
    public let backdate: Int64
    /// How far ValidityNotBefore of a request can precede issuance, in seconds.
    public let longestNotBefore: Int64

    /// The CRL that its certificates name; nil for none.
    public let listLocation: ListLocation?
    /// The URL of its OCSP responder that its certificates have; nil for none.
    public let responderURL: String?

    /// AWS Private CA's: 60 minutes, in seconds.
    public static let defaultBackdate: Int64 = 3600
    /// The default limit beyond the backdate: an hour, in seconds.
    public static let defaultLeeway: Int64 = 3600

    public init(
        arn: ARN, isRoot: Bool, keyAlgorithm: KeyAlgorithm, publicKey: SubjectPublicKey,
        subject: [UInt8], certificate: Certificate?, ancestors: [Certificate], longestValidity: Int64?,
        backdate: Int64 = IssuingAuthority.defaultBackdate, longestNotBefore: Int64? = nil,
        listLocation: ListLocation? = nil, responderURL: String? = nil
    ) {
        self.arn = arn
        self.isRoot = isRoot
        self.keyAlgorithm = keyAlgorithm
        subjectPublicKey = publicKey
        self.subject = subject
        self.certificate = certificate
        subjectText = certificate.map(\.subject.rfc4514)
        self.ancestors = ancestors
        self.longestValidity = longestValidity
        self.backdate = backdate
        self.listLocation = listLocation
        self.responderURL = responderURL
        self.longestNotBefore = longestNotBefore ?? backdate + Self.defaultLeeway
        let own = (try? certificate?.extensions.subjectKeyIdentifier)??.keyIdentifier
        keyIdentifier = own.map(Array.init) ?? KeyIdentifier.sha1(of: publicKey)
        constraints = ChainConstraints((certificate.map { [$0] } ?? []) + ancestors)
    }

    /// The authority key identifier of its certificates: its own certificate's subject key identifier, or,
    /// without one, the SHA-1 of its public key (AWS Private CA User Guide, "RFC compliance").
    let keyIdentifier: [UInt8]
}
