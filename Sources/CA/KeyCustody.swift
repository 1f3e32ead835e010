internal import Audit
public import Issuance
public import JSON
public import PKIX
public import X509

/// Where private keys live. The daemon gives the certificate authorities a token; they know nothing of it but
/// this.
public protocol KeyCustody: Sendable {
    /// The security standard the token was declared to meet, by the API's name; nil when none was declared.
    var keyStorageSecurityStandard: String? { get }

    /// Makes a key pair that can only sign and cannot leave, or throws.
    func generateKeyPair(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], label: String
    ) async throws -> GeneratedKey

    /// The key with this identifier, if it still has the public key it was made with.
    func signingKey(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], publicKey: Certificate.PublicKey
    ) async throws -> SigningKey
}

/// A key that was just made.
public struct GeneratedKey: Sendable {
    public let publicKey: Certificate.PublicKey
    /// What was read back about it, for the audit log.
    public let evidence: JSONValue

    public init(publicKey: Certificate.PublicKey, evidence: JSONValue) {
        self.publicKey = publicKey
        self.evidence = evidence
    }
}
