/// A token in the API.
public struct TokenShape: Codable, Sendable, Hashable {
    public var name: String
    /// `SERVING`, `NOT_SERVING`, `REFUSED` or `DRAINED`
    public var status: String
    public var label: String?
    public var serialNumber: String?
    public var model: String?
    /// Why it is not serving.
    public var reason: String?
    public var profile: String
    public var keyStorageSecurityStandard: String?

    public init(
        name: String, status: String, label: String?, serialNumber: String?, model: String?, reason: String?,
        profile: String, keyStorageSecurityStandard: String?
    ) {
        self.name = name
        self.status = status
        self.label = label
        self.serialNumber = serialNumber
        self.model = model
        self.reason = reason
        self.profile = profile
        self.keyStorageSecurityStandard = keyStorageSecurityStandard
    }
}

public enum ListTokensOperation: WireOperation {
    public static let name = "ListTokens"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        public init() {}
        public func check(_ constraints: inout Constraints) {}
    }

    public struct Output: Codable, Sendable {
        public var tokens: [TokenShape]
        public init(tokens: [TokenShape]) { self.tokens = tokens }
    }
}

/// The input of operations that need only the name of a token.
public struct TokenNameInput: Codable, Sendable, Constrained {
    public var name: String

    public init(name: String) { self.name = name }

    public func check(_ constraints: inout Constraints) { constraints.length(name, "name", 1...64) }
}

public enum DrainTokenOperation: WireOperation {
    public static let name = "DrainToken"
    public static let service = WireService.signet
    public typealias Input = TokenNameInput
    public typealias Output = EmptyOutput
}

public enum ResumeTokenOperation: WireOperation {
    public static let name = "ResumeToken"
    public static let service = WireService.signet
    public typealias Input = TokenNameInput
    public typealias Output = EmptyOutput
}
