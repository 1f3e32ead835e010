public import JSON
public import PKIX

/// Where private keys live. The daemon's tokens conform through an adapter; use cases know nothing else of them.
public protocol KeyCustody: Sendable {
    /// The security standards the tokens are declared to meet, by the API's names.
    var securityStandards: Set<String> { get }

    /// Whether a key may be made without a ceremony.
    var makesKeys: Bool { get }

    /// Makes a key pair that can only sign and cannot leave, or throws.
    /// - Parameter standard: the standard its token must be declared to meet; nil for any token
    func generateKeyPair(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], label: String, meeting standard: String?
    ) async throws -> GeneratedKey

    /// Makes sure that a token has this key, which was made elsewhere, and returns the security standard that the token is
    /// declared to meet; nil when none is declared.
    func securityStandard(of key: KeyReference) async throws -> String?

    /// The key, once a token in service has been found to hold it with the public key of its reference.
    func signingKey(_ key: KeyReference, _ priority: SigningPriority) async throws -> SigningKey
}

/// A key that was just made.
public struct GeneratedKey: Sendable {
    public let publicKey: SubjectPublicKey
    /// What was read back about it, for the audit log.
    public let evidence: JSONValue
    /// The standard its token is declared to meet.
    public let securityStandard: String?

    public init(publicKey: SubjectPublicKey, evidence: JSONValue, securityStandard: String?) {
        self.publicKey = publicKey
        self.evidence = evidence
        self.securityStandard = securityStandard
    }
}
