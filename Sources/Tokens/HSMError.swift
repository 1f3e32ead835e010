public import TokenProtocol

/// Why a token did not do what was asked.
public enum HSMError: Error, Sendable, CustomStringConvertible {
    /// The worker answered with a failure.
    case worker(WorkerFailure)
    /// Another entry of the configuration names the same token.
    case sameToken(as: String, serialNumber: String)
    /// The worker process cannot be started.
    case cannotStartWorker(path: String, errno: Int32, reason: String)
    /// The token failed a moment ago and is not tried again yet.
    case unavailable(milliseconds: Int64, reason: String)
    /// The worker process ended while it was asked.
    case workerGone
    /// A call took longer than its deadline; the worker was killed.
    case deadlineExceeded(milliseconds: Int64)
    /// More calls wait for the token than may, or one waited too long.
    case busy
    /// The worker answered with something that is not an answer to the question.
    case unexpectedAnswer
    /// The token's key does not have the public key it had when the CA was made.
    case publicKeyChanged(identifier: String)
    /// What was read back does not prove that the key is fit to be used.
    case keyNotProvable(identifier: String, failures: [AttributeReading])
    /// No token may be asked: none is in service, or none is declared to meet the standard.
    case noToken(reason: String)
    /// The daemon uses only keys that came out of a ceremony, and this one has no record of it.
    case noCeremonyRecord(identifier: String)
    /// The token's signature does not verify with the pinned public key. It was not released.
    case wrongSignature(identifier: String)

    public var description: String {
        switch self {
        case .worker(let failure): failure.description
        case .sameToken(let other, let serialNumber):
            "it is the token of `\(other)` (serial \(serialNumber)): two entries of `tokens` name one token; take one of them out of the configuration"
        case .cannotStartWorker(let path, _, let reason):
            "the token worker `\(path)` cannot be started: \(reason)"
        case .unavailable(let milliseconds, let reason):
            "the token is not available and will be tried again in \(milliseconds) ms: \(reason)"
        case .workerGone: "the token worker ended unexpectedly"
        case .deadlineExceeded(let milliseconds):
            "the token did not answer within \(milliseconds) ms; its worker was stopped"
        case .busy: "the token has more to do than it can; try again later"
        case .unexpectedAnswer: "the token worker gave an answer that does not fit the request"
        case .publicKeyChanged(let identifier):
            "the key \(identifier) on the token does not have the public key recorded for it; it will not sign"
        case .keyNotProvable(let identifier, let failures):
            "the key \(identifier) is not used, because what the token says of it does not prove that it can only "
                + "sign and never leave: "
                + failures.map { "\($0.name) is \($0.found), not \($0.wanted)" }.joined(separator: ", ")
        case .noToken(let reason): reason
        case .noCeremonyRecord(let identifier):
            "the key \(identifier) has no ceremony record, and this daemon uses only keys that have one"
        case .wrongSignature(let identifier):
            "the token made a signature with the key \(identifier) that does not verify; it was not released"
        }
    }

    /// Whether the same request may be made once more, with a fresh worker. Not after a deadline: its time is
    /// used up.
    var mayBeRetried: Bool {
        switch self {
        case .workerGone: true
        case .worker(let failure): [.session, .login, .device].contains(failure.failureClass)
        default: false
        }
    }

    /// Whether another token that holds the key may do what this one did not: everything but a request that is wrong
    /// anywhere.
    var mayFailOver: Bool {
        switch self {
        case .worker(let failure): failure.failureClass != .request
        case .noToken, .noCeremonyRecord: false
        default: true
        }
    }

    /// Whether nothing was asked of the token: the next one is the first to be tried.
    var isBeforeToken: Bool {
        switch self {
        case .unavailable, .cannotStartWorker, .sameToken, .busy, .publicKeyChanged, .keyNotProvable: true
        case .worker(let failure):
            [.absent, .keyNotFound, .evidence, .configuration, .credentials, .fatal].contains(
                failure.failureClass)
        default: false
        }
    }

    /// Whether a fresh worker could do better.
    var needsNewWorker: Bool {
        switch self {
        case .workerGone, .deadlineExceeded, .unexpectedAnswer, .wrongSignature: true
        case .worker(let failure): [.session, .login, .device, .retried].contains(failure.failureClass)
        default: false
        }
    }

    /// Whether an operator must correct something first. Waiting does not help.
    public var needsOperator: Bool {
        switch self {
        case .cannotStartWorker, .sameToken: true
        case .worker(let failure):
            [.credentials, .fatal, .configuration].contains(failure.failureClass)
        default: false
        }
    }

    /// Whether trying again would do harm: a PIN that was refused, a module that must not
    /// be used.
    var isFinal: Bool {
        switch self {
        case .sameToken: true
        case .worker(let failure): [.credentials, .fatal].contains(failure.failureClass)
        default: false
        }
    }
}
