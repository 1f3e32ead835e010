internal import Crypto
public import PKIX
internal import SwiftASN1
public import X509
internal import _CryptoExtras

/// The private key of a service, in a file of its own.
public struct LocalKey: Sendable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// On P-256, the curve that every client supports.
        case ec
        case ecP384 = "ec-p384"
        case ed25519
        case rsa2048 = "rsa-2048"
        case rsa3072 = "rsa-3072"
        case rsa4096 = "rsa-4096"
    }

    public let privateKey: Certificate.PrivateKey

    /// Generates a key.
    public init(_ kind: Kind) throws {
        privateKey =
            switch kind {
            case .ec: Certificate.PrivateKey(P256.Signing.PrivateKey())
            case .ecP384: Certificate.PrivateKey(P384.Signing.PrivateKey())
            case .ed25519: Certificate.PrivateKey(Curve25519.Signing.PrivateKey())
            case .rsa2048: Certificate.PrivateKey(try _RSA.Signing.PrivateKey(keySize: .bits2048))
            case .rsa3072: Certificate.PrivateKey(try _RSA.Signing.PrivateKey(keySize: .bits3072))
            case .rsa4096: Certificate.PrivateKey(try _RSA.Signing.PrivateKey(keySize: .bits4096))
            }
    }

    /// - Parameter pem: an unencrypted key of PKCS #8, PKCS #1 or SEC 1
    public init(pem: [UInt8]) throws(PublicKeyFault) { privateKey = try PEMKey.privateKey(pem: pem) }

    /// PKCS #8 (RFC 5958), or SEC 1 for an elliptic-curve key.
    public func pem() throws -> String { try privateKey.serializeAsPEM().pemString + "\n" }
}
