internal import Synchronization

/// Why the log cannot be trusted; nil if it can. It is set once, at start.
final class LogFault: Sendable {
    private let reason = Mutex<String?>(nil)

    var current: String? { reason.withLock { $0 } }

    func set(_ text: String) { reason.withLock { $0 = text } }
}
