public import PKIX
public import X509

/// A certificate authority's private key, which only ``Issuer`` can use. The caller that makes one promises that the
/// key checks its signatures with its public key before it returns them.
public struct SigningKey: Sendable {
    /// CKA_ID on the token.
    public let identifier: [UInt8]
    let publicKey: PinnedPublicKey
    let privateKey: Certificate.PrivateKey

    public init(identifier: [UInt8], publicKey: PinnedPublicKey, privateKey: Certificate.PrivateKey) {
        self.identifier = identifier
        self.publicKey = publicKey
        self.privateKey = privateKey
    }
}
