internal import Audit
public import Issuance
public import JSON
public import PKIX
public import X509

/// Where private keys live. The daemon gives the certificate authorities its tokens; they know nothing of them
/// but this.
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
    func securityStandard(
        ofKey identifier: [UInt8], _ algorithm: KeyAlgorithm, publicKey: PinnedPublicKey
    ) async throws -> String?

    /// The key with this identifier, if it still has the public key it was made with.
    /// - Parameter standard: the standard a token must be declared to meet to sign with it; nil for any
    func signingKey(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], publicKey: PinnedPublicKey,
        meeting standard: String?, for claim: SigningClaim
    ) async throws -> SigningKey

    /// Has the log's own P-256 key sign a note, with SHA-256: its signature in DER. No authority has that key.
    func sign(note: [UInt8], identifier: [UInt8], publicKey: Certificate.PublicKey) async throws -> [UInt8]

    /// The tokens there are, in the order in which they are tried. Asks none of them.
    func tokens() async -> [CustodyToken]

    /// The private keys on the token of this name, whatever made them. Empty when there is no such token.
    func privateKeys(onToken name: String) async throws -> [CustodyKey]

    /// Takes a token out of service, and returns when nothing is under way on it. False when there is none of this name.
    func drainToken(_ name: String) async -> Bool

    /// Puts a token back into service. False when there is none of this name.
    func resumeToken(_ name: String) async -> Bool
}

/// On whose behalf a key signs, which decides whose turn it is.
public struct SigningClaim: Sendable, Hashable {
    /// The ARN of the principal; empty for the daemon's own work.
    public let claimant: String
    /// What relying parties wait for goes before everything else.
    public let isUrgent: Bool

    public init(claimant: String, isUrgent: Bool = false) {
        self.claimant = claimant
        self.isUrgent = isUrgent
    }
}

/// A key that was just made.
public struct GeneratedKey: Sendable {
    public let publicKey: Certificate.PublicKey
    /// What was read back about it, for the audit log.
    public let evidence: JSONValue
    /// The standard its token is declared to meet.
    public let securityStandard: String?

    public init(publicKey: Certificate.PublicKey, evidence: JSONValue, securityStandard: String?) {
        self.publicKey = publicKey
        self.evidence = evidence
        self.securityStandard = securityStandard
    }
}

/// A private key by what its token calls it.
public struct CustodyKey: Sendable, Hashable {
    /// CKA_ID
    public let identifier: [UInt8]
    /// CKA_LABEL: the id of the authority for a key that was made for one.
    public let label: String

    public init(identifier: [UInt8], label: String) {
        self.identifier = identifier
        self.label = label
    }
}

/// A token as an operator sees it.
public struct CustodyToken: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable {
        case serving = "SERVING"
        case notServing = "NOT_SERVING"
        /// It is not tried again before the daemon starts anew.
        case refused = "REFUSED"
        /// An operator took it out of service.
        case drained = "DRAINED"
    }

    public var name: String
    public var status: Status
    /// What the token says of itself; nil while it does not serve.
    public var label: String?
    public var serialNumber: String?
    public var model: String?
    /// Why it does not serve.
    public var reason: String?
    public var profile: String
    public var securityStandard: String?

    public init(
        name: String, status: Status, label: String? = nil, serialNumber: String? = nil, model: String? = nil,
        reason: String? = nil, profile: String, securityStandard: String?
    ) {
        self.name = name
        self.status = status
        self.label = label
        self.serialNumber = serialNumber
        self.model = model
        self.reason = reason
        self.profile = profile
        self.securityStandard = securityStandard
    }
}
