public import Authorization

/// The facts about a request's connection that affect its authorization.
public protocol RequestSource: Sendable {
    /// The user to which the connection's requests are charged.
    var accountable: UInt32 { get }

    /// Examines the caller again, because it may have changed since the connection was accepted.
    func finding() -> CallerFinding
}

/// The current facts about a caller.
public struct CallerFinding: Sendable {
    public let caller: Caller
    /// Why the caller cannot be held to account, completing "because …"; nil when it can.
    public let fault: String?

    public init(caller: Caller, fault: String?) {
        self.caller = caller
        self.fault = fault
    }
}
