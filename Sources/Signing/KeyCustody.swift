public import JSON
public import PKIX

/// The private keys of the daemon. An adapter implements it with the tokens; use cases have no other access
/// to keys.
public protocol KeyCustody: Sendable {
    /// The security standards the tokens are declared to meet, by the API's names.
    var securityStandards: Set<String> { get }

    /// Whether a key may be made without a ceremony.
    var makesKeys: Bool { get }

    /// Generates a key pair that can only sign and cannot be exported, or throws.
    /// - Parameter standard: the standard its token must be declared to meet; nil for any token
    func generateKeyPair(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], label: String, meeting standard: String?
    ) async throws -> GeneratedKey

    /// Requires that a token has this existing key. Returns the security standard that the token is declared
    /// to meet; nil when none is declared.
    func securityStandard(of key: KeyReference) async throws -> String?

    /// Returns the key after a token in service was found to have it with the public key of its reference.
    func signingKey(_ key: KeyReference, _ priority: SigningPriority) async throws -> SigningKey
}

/// A failure of ``KeyCustody`` or of a ``Signer`` that may be temporary.
public protocol CustodyFailure: Error {
    /// Why the keys cannot be used now, for the caller, when the same request may succeed later without a
    /// fault being mended. Nil for every other failure, whose reason is for the daemon's log only.
    var temporaryReason: String? { get }
}

/// A newly generated key.
public struct GeneratedKey: Sendable {
    public let publicKey: SubjectPublicKey
    /// The attributes that were read back, for the audit log.
    public let evidence: JSONValue
    /// The standard its token is declared to meet.
    public let securityStandard: String?

    public init(publicKey: SubjectPublicKey, evidence: JSONValue, securityStandard: String?) {
        self.publicKey = publicKey
        self.evidence = evidence
        self.securityStandard = securityStandard
    }
}
