public import Signing
public import TokenProtocol

/// Why a call to a token failed.
public enum HSMError: Error, Sendable, CustomStringConvertible {
    /// The worker answered with a failure.
    case worker(WorkerFailure)
    /// Another entry of the configuration names the same token.
    case sameToken(as: String, serialNumber: String)
    /// The worker process cannot be started.
    case cannotStartWorker(path: String, errno: Int32, reason: String)
    /// The token failed a moment ago and is not tried again yet.
    case unavailable(milliseconds: Int64, reason: String)
    /// The worker process ended during the call.
    case workerGone
    /// A call took longer than its deadline; the worker was killed.
    case deadlineExceeded(milliseconds: Int64)
    /// The token's queue is full, or the call waited too long.
    case busy
    /// The worker's answer does not fit the request.
    case unexpectedAnswer
    /// The token's key does not have the public key it had when the CA was made.
    case publicKeyChanged(identifier: String)
    /// The attributes read back do not prove that the key may be used.
    case keyNotProvable(identifier: String, failures: [AttributeReading])
    /// No token is usable: none is in service, or none is declared to meet the standard.
    case noToken(reason: String)
    /// An officer took every usable token out of service.
    case outOfService(tokens: [String])
    /// The tokens in service lack the key, and an officer took others out of service, which can have it.
    case keyOutOfService(reason: String, tokens: [String])
    /// The daemon uses only keys with a ceremony record, and this key has none.
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
        case .outOfService(let tokens):
            "no token is in service: \(tokens.joined(separator: ", ")) drained"
        case .keyOutOfService(let reason, let tokens):
            "\(reason); out of service: \(tokens.joined(separator: ", "))"
        case .noCeremonyRecord(let identifier):
            "the key \(identifier) has no ceremony record, and this daemon uses only keys that have one"
        case .wrongSignature(let identifier):
            "the token made a signature with the key \(identifier) that does not verify; it was not released"
        }
    }

    /// Whether the same request may be retried once with a new worker. False after a deadline, because the
    /// request's time is used up.
    var mayBeRetried: Bool {
        switch self {
        case .workerGone: true
        case .worker(let failure): [.session, .login, .device].contains(failure.failureClass)
        default: false
        }
    }

    /// Whether another token with the key may be tried. False only for a request that would fail on every
    /// token.
    var mayFailOver: Bool {
        switch self {
        case .worker(let failure): failure.failureClass != .request
        case .noToken, .outOfService, .keyOutOfService, .noCeremonyRecord: false
        default: true
        }
    }

    /// Whether the token was not called at all, so that the next token counts as the first attempt.
    var isBeforeToken: Bool {
        switch self {
        case .unavailable, .cannotStartWorker, .sameToken, .busy, .publicKeyChanged, .keyNotProvable: true
        case .worker(let failure):
            [.absent, .keyNotFound, .evidence, .configuration, .credentials, .fatal].contains(
                failure.failureClass)
        default: false
        }
    }

    /// Whether the call could succeed with a new worker.
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

    /// Whether a retry would do harm: a refused PIN, or a module that must not be used.
    var isFinal: Bool {
        switch self {
        case .sameToken: true
        case .worker(let failure): [.credentials, .fatal].contains(failure.failureClass)
        default: false
        }
    }
}

extension HSMError: CustodyFailure {
    public var temporaryReason: String? {
        switch self {
        case .outOfService, .keyOutOfService:
            "the keys are out of service while an officer works on their token; try again later"
        case .busy: "the token has more to do than it can; try again later"
        default: nil
        }
    }
}
