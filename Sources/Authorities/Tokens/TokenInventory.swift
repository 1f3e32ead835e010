/// The tokens of the daemon, for operators.
public protocol TokenInventory: Sendable {
    /// The tokens in the order in which they are tried. Makes no call to a token.
    func tokens() async -> [CustodyToken]

    /// The private keys on a token, including keys of other programs. Empty when there is no such token.
    func privateKeys(onToken name: String) async throws -> [CustodyKey]

    /// Takes a token out of service, and returns when no call is in progress on it. False if there is no such
    /// token.
    func drainToken(_ name: String) async -> Bool

    /// Puts a token back into service. False if there is no such token.
    func resumeToken(_ name: String) async -> Bool
}

/// A private key by its identifier and label on the token.
public struct CustodyKey: Sendable, Hashable {
    /// CKA_ID
    public let identifier: [UInt8]
    /// CKA_LABEL: for an authority's key, the id of the authority.
    public let label: String

    public init(identifier: [UInt8], label: String) {
        self.identifier = identifier
        self.label = label
    }
}

/// The state of a token for operators.
public struct CustodyToken: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable {
        case serving = "SERVING"
        case notServing = "NOT_SERVING"
        /// The daemon does not try it again until its next start.
        case refused = "REFUSED"
        /// An operator took it out of service.
        case drained = "DRAINED"
    }

    public var name: String
    public var status: Status
    /// The label that the token reports; nil while it does not serve.
    public var label: String?
    public var serialNumber: String?
    public var model: String?
    /// Why the token does not serve.
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
