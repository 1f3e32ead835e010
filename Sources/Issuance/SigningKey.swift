public import X509

/// A certificate authority's private key, which only ``Issuer`` can use. Whoever makes one promises that the
/// key checks its signatures before it returns them.
public struct SigningKey: Sendable {
    /// CKA_ID on the token.
    public let identifier: [UInt8]
    let privateKey: Certificate.PrivateKey

    public init(identifier: [UInt8], privateKey: Certificate.PrivateKey) {
        self.identifier = identifier
        self.privateKey = privateKey
    }

    public var publicKey: Certificate.PublicKey { privateKey.publicKey }
}
