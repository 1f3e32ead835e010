public import X509

/// A public key that others are compared with, so often that comparing must not encode both anew.
public struct PinnedPublicKey: Sendable, Hashable {
    public let key: Certificate.PublicKey
    /// The bits of its SubjectPublicKeyInfo, and its kind: what makes two keys the same.
    private let bits: [UInt8]
    private let algorithm: KeyAlgorithm?

    public init(_ key: Certificate.PublicKey) {
        self.key = key
        bits = Array(key.subjectPublicKeyInfoBytes)
        algorithm = KeyAlgorithm(key)
    }

    public static func == (one: Self, other: Self) -> Bool {
        one.bits == other.bits && one.algorithm == other.algorithm
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(bits) }
}
