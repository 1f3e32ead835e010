internal import SwiftASN1
public import X509

/// A public key (SubjectPublicKeyInfo; RFC 5280, section 4.1.2.7) that keys and certificates are compared with.
///
/// Its DER is encoded once. swift-certificates encodes both keys for every comparison.
public struct SubjectPublicKey: Sendable, Hashable {
    /// The key as swift-certificates has it.
    public let certificateKey: Certificate.PublicKey
    /// DER of the SubjectPublicKeyInfo.
    public let derBytes: [UInt8]

    /// - Throws: `ASN1Error` for a key that swift-certificates cannot write
    public init(_ key: Certificate.PublicKey) throws {
        var serializer = DER.Serializer()
        try serializer.serialize(key)
        certificateKey = key
        derBytes = serializer.serializedBytes
    }

    /// - Throws: `ASN1Error` or `CryptoKitASN1Error` for what is no key of a known kind
    public init(derEncoded der: [UInt8]) throws {
        try self.init(Certificate.PublicKey(derEncoded: der))
    }

    /// Whether `signature`, as X.509 encodes it, is this key's over `message`.
    public func isValidSignature(
        _ signature: [UInt8], of message: [UInt8], _ algorithm: SigningAlgorithm
    ) -> Bool {
        certificateKey.isValidSignature(
            signature, for: message, signatureAlgorithm: algorithm.signatureAlgorithm)
    }

    public static func == (one: Self, other: Self) -> Bool { one.derBytes == other.derBytes }

    public func hash(into hasher: inout Hasher) { hasher.combine(derBytes) }
}
