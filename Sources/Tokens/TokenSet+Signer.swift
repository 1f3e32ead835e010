public import PKIX
public import Signing
internal import TokenProtocol

extension TokenSet: Signer {
    /// Signs on the first token that is in service, is declared to meet the key's standard, and holds the
    /// key.
    ///
    /// The signature is verified with the pinned public key before it is returned.
    /// - Throws: ``HSMError``
    public func signature(
        over message: [UInt8], _ algorithm: SigningAlgorithm, with key: KeyReference,
        _ priority: SigningPriority
    ) async throws -> [UInt8] {
        let (digest, scheme) = Self.digest(of: message, for: algorithm)
        let pinned = PinnedKey(key)
        return try await signature(
            over: digest, scheme, with: pinned, meeting: key.securityStandard, priority
        ) { made in
            guard let encoded = key.algorithm.signature(fromToken: made),
                key.publicKey.isValidSignature(encoded, of: message, algorithm)
            else { return nil }
            return encoded
        }
    }

    private static func digest(
        of message: [UInt8], for algorithm: SigningAlgorithm
    ) -> ([UInt8], SignatureScheme) {
        let scheme: SignatureScheme =
            switch algorithm.digest {
            case .sha256: .sha256
            case .sha384: .sha384
            case .sha512: .sha512
            }
        return (algorithm.digest.hash(message), scheme)
    }
}
