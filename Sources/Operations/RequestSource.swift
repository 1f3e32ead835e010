public import Authorization

/// The connection that a request came on, as far as it decides about the request.
public protocol RequestSource: Sendable {
    /// The user that answers for what comes on the connection.
    var accountable: UInt32 { get }

    /// Looks at the caller again: it may have changed since the connection began.
    func finding() -> CallerFinding
}

/// A caller as it is now.
public struct CallerFinding: Sendable {
    public let caller: Caller
    /// Why the caller cannot be held to account, completing "because …"; nil when it can.
    public let fault: String?

    public init(caller: Caller, fault: String?) {
        self.caller = caller
        self.fault = fault
    }
}
