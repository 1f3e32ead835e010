public import PKIX

/// A private key as the daemon's records know it.
public struct KeyReference: Sendable, Hashable {
    public let algorithm: KeyAlgorithm
    /// CKA_ID on the token.
    public let identifier: [UInt8]
    /// A token whose key has another public key does not sign with it.
    public let publicKey: SubjectPublicKey
    /// The standard that a token must be declared to meet to sign with the key, by the API's name; nil for
    /// any token.
    public let securityStandard: String?

    public init(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], publicKey: SubjectPublicKey, securityStandard: String?
    ) {
        self.algorithm = algorithm
        self.identifier = identifier
        self.publicKey = publicKey
        self.securityStandard = securityStandard
    }
}
