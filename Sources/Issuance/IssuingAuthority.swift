public import Authorization
public import PKIX
public import X509

/// The certificate authority that issues: what of it goes into a certificate, and what limits it sets.
///
/// A class: its many members would be retained one by one for each of the values that hold an authority.
public final class IssuingAuthority: Sendable {
    public let arn: ARN
    public let isRoot: Bool
    public let keyAlgorithm: KeyAlgorithm
    public let subjectPublicKey: SubjectPublicKey
    /// DER of its Name.
    public let subject: [UInt8]
    /// Its own certificate; nil for a root that has none yet.
    public let certificate: Certificate?
    /// The subject of its own certificate, as the log has it.
    let subjectText: String?
    /// The certificates above its own, from its issuer's to the root's.
    public let ancestors: [Certificate]
    /// What its own certificate and those above allow.
    let constraints: ChainConstraints
    /// The longest validity it issues, in seconds from issuance; nil for no limit but its own.
    public let longestValidity: Int64?
    /// Seconds by which its certificates begin before they are issued, unless the request says otherwise.
    public let backdate: Int64
    /// How far a request can choose to begin before it is issued, in seconds.
    public let longestNotBefore: Int64

    /// AWS Private CA's: 60 minutes, in seconds.
    public static let defaultBackdate: Int64 = 3600
    /// What a request can choose beyond the backdate: an hour, in seconds.
    public static let defaultLeeway: Int64 = 3600

    public init(
        arn: ARN, isRoot: Bool, keyAlgorithm: KeyAlgorithm, publicKey: SubjectPublicKey,
        subject: [UInt8], certificate: Certificate?, ancestors: [Certificate], longestValidity: Int64?,
        backdate: Int64 = IssuingAuthority.defaultBackdate, longestNotBefore: Int64? = nil
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
        self.longestNotBefore = longestNotBefore ?? backdate + Self.defaultLeeway
        let own = (try? certificate?.extensions.subjectKeyIdentifier)??.keyIdentifier
        keyIdentifier = own.map(Array.init) ?? KeyIdentifier.sha1(of: publicKey)
        constraints = ChainConstraints((certificate.map { [$0] } ?? []) + ancestors)
    }

    /// What its certificates carry as authority key identifier: its certificate's subject key identifier, or,
    /// when that has none, the SHA-1 of its public key (AWS Private CA User Guide, "RFC compliance").
    let keyIdentifier: [UInt8]
}
