/// The tokens as operators see them and take them out of service.
public protocol TokenInventory: Sendable {
    /// The tokens there are, in the order in which they are tried. Asks none of them.
    func tokens() async -> [CustodyToken]

    /// The private keys on the token of this name, whatever made them. Empty when there is no such token.
    func privateKeys(onToken name: String) async throws -> [CustodyKey]

    /// Takes a token out of service, and returns when nothing is under way on it. False when there is none of
    /// this name.
    func drainToken(_ name: String) async -> Bool

    /// Puts a token back into service. False when there is none of this name.
    func resumeToken(_ name: String) async -> Bool
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
        /// The daemon does not try it again until its next start.
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
