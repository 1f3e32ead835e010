public import PKIX

/// The key of this daemon that signs the OCSP responses of an authority, and the newest certificate by which
/// the authority delegates to it.
public struct ResponderRecord: Sendable, Hashable {
    /// The id of the authority.
    public var certificateAuthority: String
    public var keyAlgorithm: KeyAlgorithm
    /// CKA_ID on the token.
    public var keyIdentifier: [UInt8]
    /// The standard that the key's token must be declared to meet; nil for any token.
    public var keyStorageSecurityStandard: String?
    /// DER. Pinned: the token's key must always have it.
    public var subjectPublicKeyInfo: [UInt8]
    /// DER; nil until the authority has signed one.
    public var certificate: [UInt8]?

    public init(
        certificateAuthority: String, keyAlgorithm: KeyAlgorithm, keyIdentifier: [UInt8],
        keyStorageSecurityStandard: String?, subjectPublicKeyInfo: [UInt8], certificate: [UInt8]?
    ) {
        self.certificateAuthority = certificateAuthority
        self.keyAlgorithm = keyAlgorithm
        self.keyIdentifier = keyIdentifier
        self.keyStorageSecurityStandard = keyStorageSecurityStandard
        self.subjectPublicKeyInfo = subjectPublicKeyInfo
        self.certificate = certificate
    }
}
