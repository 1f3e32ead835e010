public import PKIX

/// Makes signatures with private keys: a set of tokens, or a software key in a test.
public protocol Signer: Sendable {
    /// The signature over `message`, as X.509 encodes it.
    ///
    /// Only a signature that the public key of `key` verifies may be returned.
    func signature(
        over message: [UInt8], _ algorithm: SigningAlgorithm, with key: KeyReference,
        _ priority: SigningPriority
    ) async throws -> [UInt8]
}
