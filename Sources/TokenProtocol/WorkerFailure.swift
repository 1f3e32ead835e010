/// The class of a failure, which decides how the daemon reacts.
public enum FailureClass: UInt8, Sendable, Hashable {
    /// The request cannot be carried out; the token works.
    case request = 1
    /// The session is lost; a new session is expected to work.
    case session = 2
    /// The login or the key handles are lost.
    case login = 3
    /// The device or the token is absent or faulty.
    case device = 4
    /// The token lacks resources at the moment.
    case capacity = 5
    /// The PIN is wrong, expired or locked. It is never tried again without an officer.
    case credentials = 6
    /// The module must not be used again.
    case fatal = 7
    /// The module path, the token URI or the PIN source is wrong. Nothing was tried on the token.
    case configuration = 8
    /// The key exists, but its attributes do not prove that it may be used.
    case evidence = 9
    /// The token is not present; nothing else is wrong. It may be inserted later.
    case absent = 10
    /// The token works and does not have the key.
    case keyNotFound = 11
    /// The session was lost, and so was the new session of the retry. There is no third attempt.
    case retried = 12
    /// A class that the receiver does not know.
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

    /// Whether a key whose attributes were being read must not sign any more: it is missing or differs from
    /// the requirements, or the token does not report them. A faulty, busy or absent token says nothing about
    /// its keys.
    public var disqualifiesKey: Bool { [.request, .evidence, .keyNotFound].contains(failureClass) }
}
