public import PKIX

/// The key that signs the OCSP responses of an authority: the authority's own, or that of a responder to
/// which it delegates (RFC 6960, section 4.2.2.2).
public struct StatusSigner: Sendable {
    public let publicKey: SubjectPublicKey
    public let signingAlgorithm: SigningAlgorithm
    /// DER of the responder's certificate; nil for the authority's own key.
    public let certificate: [UInt8]?
    /// The end of that certificate, which no response outlasts.
    public let notAfter: CivilTime
    /// SHA-1 of the bits of its key, by which responses name it.
    let keyHash: [UInt8]

    public init(
        publicKey: SubjectPublicKey, signingAlgorithm: SigningAlgorithm, certificate: [UInt8]?,
        notAfter: CivilTime
    ) {
        self.publicKey = publicKey
        self.signingAlgorithm = signingAlgorithm
        self.certificate = certificate
        self.notAfter = notAfter
        keyHash = KeyIdentifier.sha1(of: publicKey)
    }
}
