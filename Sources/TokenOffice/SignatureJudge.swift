public import TokenProtocol

/// Verifies signatures of a token with other cryptography than the token's. The program supplies it, because
/// this target has none.
public struct SignatureJudge: Sendable {
    /// What is signed: the SHA-256 of a message that ``isRight`` knows, and the message itself for Ed25519.
    public let digest: [UInt8]
    /// Whether the token's signature over ``digest`` verifies with the public key that the token shows.
    public let isRight: @Sendable (_ signature: [UInt8], KeyKind, PublicKeyMaterial) -> Bool

    public init(
        digest: [UInt8], isRight: @escaping @Sendable ([UInt8], KeyKind, PublicKeyMaterial) -> Bool
    ) {
        self.digest = digest
        self.isRight = isRight
    }
}
