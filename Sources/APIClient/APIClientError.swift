/// Why a call failed.
public enum APIClientError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The daemon's own error.
    case service(type: String, message: String, requestID: String?)
    /// - errorNumber: errno of the system call that failed; nil when another step did
    case unreachable(socketPath: String, reason: String, errorNumber: Int32?)
    case unexpectedAnswer(String)

    public var description: String {
        switch self {
        case .service(let type, let message, _): "\(type): \(message)"
        case .unreachable(let path, let reason, _): "the daemon cannot be reached on `\(path)`: \(reason)"
        case .unexpectedAnswer(let what): "the daemon answered what cannot be understood: \(what)"
        }
    }
}
