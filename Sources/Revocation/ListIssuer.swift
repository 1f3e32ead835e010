public import PKIX
public import X509

/// The authority that signs a CRL.
public struct ListIssuer: Sendable {
    /// DER of its Name, as its certificates have it.
    public let name: [UInt8]
    public let publicKey: SubjectPublicKey
    /// The subject key identifier of its certificate.
    public let keyIdentifier: [UInt8]
    public let signingAlgorithm: SigningAlgorithm
    /// Whether the key usage of its certificate permits CRLs (RFC 5280, section 4.2.1.3).
    public let signsLists: Bool

    /// - Parameters:
    ///   - name: DER of the subject of `certificate`
    ///   - certificate: the authority's own
    public init(
        name: [UInt8], certificate: Certificate, publicKey: SubjectPublicKey,
        signingAlgorithm: SigningAlgorithm
    ) {
        self.name = name
        self.publicKey = publicKey
        self.signingAlgorithm = signingAlgorithm
        let identifier = (try? certificate.extensions.subjectKeyIdentifier)??.keyIdentifier
        keyIdentifier = identifier.map(Array.init) ?? KeyIdentifier.sha1(of: publicKey)
        signsLists = ((try? certificate.extensions.keyUsage) ?? nil)?.cRLSign ?? true
    }
}
