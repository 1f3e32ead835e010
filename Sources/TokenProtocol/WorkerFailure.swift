/// The class of a failure, which decides how the daemon reacts.
public enum FailureClass: UInt8, Sendable, Hashable {
    /// The request itself cannot be done; the token is well.
    case request = 1
    /// The session is gone; a fresh one would do.
    case session = 2
    /// The login or the key handles are gone.
    case login = 3
    /// The device or the token is gone or ill.
    case device = 4
    /// The token has no room now.
    case capacity = 5
    /// The PIN is wrong, expired or locked. Never tried again without an officer.
    case credentials = 6
    /// The module must not be used any more.
    case fatal = 7
    /// Module path, token URI or PIN source are not right. Nothing was tried on the token.
    case configuration = 8
    /// The key exists, but its attributes do not prove that it may be used.
    case evidence = 9
    /// The token is not there now; nothing else is wrong. It may come.
    case absent = 10
    /// The token is well and does not have the key.
    case keyNotFound = 11
    /// The session was lost, and so was the new one of the retry. There is no third attempt.
    case retried = 12
    /// A class this side does not know.
    case unknown = 255
}

/// Why a request to a worker failed. `message` never contains a PIN.
public struct WorkerFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public let failureClass: FailureClass
    public let message: String

    public init(_ failureClass: FailureClass, _ message: String) {
        self.failureClass = failureClass
        self.message = message
    }

    public var description: String { message }

    /// Whether a key that was being read back must not sign any more: it is not there, or not as it must be,
    /// or the token does not say. A token that is ill, busy or gone says nothing of its keys.
    public var speaksAgainstKey: Bool { [.request, .evidence, .keyNotFound].contains(failureClass) }
}
