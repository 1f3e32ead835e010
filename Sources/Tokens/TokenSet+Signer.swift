internal import Crypto
internal import Foundation
public import PKIX
public import Signing
internal import TokenProtocol

extension TokenSet: Signer {
    /// Signs on the first token that is in service, is declared to meet the key's standard, and holds the key.
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
            guard let encoded = Self.encoded(made, pinned.kind),
                key.publicKey.isValidSignature(encoded, of: message, algorithm)
            else { return nil }
            return encoded
        }
    }

    /// As X.509 encodes a signature that the token made.
    private static func encoded(_ made: [UInt8], _ kind: KeyKind) -> [UInt8]? {
        guard let coordinate = kind.coordinateBytes else { return made }
        return ECDSASignature.der(fromConcatenation: made, coordinateBytes: coordinate)
    }

    private static func digest(
        of message: [UInt8], for algorithm: SigningAlgorithm
    ) -> ([UInt8], SignatureScheme) {
        switch algorithm {
        case .sha256WithECDSA, .sha256WithRSA: (Array(SHA256.hash(data: message)), .sha256)
        case .sha384WithECDSA, .sha384WithRSA: (Array(SHA384.hash(data: message)), .sha384)
        case .sha512WithECDSA, .sha512WithRSA: (Array(SHA512.hash(data: message)), .sha512)
        }
    }
}
