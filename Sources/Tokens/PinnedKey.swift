public import PKIX
public import Signing
public import TokenProtocol

/// A key on a token, and the public key that it must have.
public struct PinnedKey: Sendable, Hashable {
    public let kind: KeyKind
    /// CKA_ID
    public let identifier: [UInt8]
    /// A token whose key has another public key does not sign with it.
    public let publicKey: SubjectPublicKey

    public init(_ kind: KeyKind, identifier: [UInt8], publicKey: SubjectPublicKey) {
        self.kind = kind
        self.identifier = identifier
        self.publicKey = publicKey
    }

    public init(_ reference: KeyReference) {
        self.init(
            KeyKind(reference.algorithm), identifier: reference.identifier,
            publicKey: reference.publicKey)
    }
}
