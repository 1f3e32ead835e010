internal import Synchronization

/// Why the log cannot be trusted; nil while it can. It is decided once, at start.
final class LogFault: Sendable {
    private let reason = Mutex<String?>(nil)

    var current: String? { reason.withLock { $0 } }

    func set(_ text: String) { reason.withLock { $0 = text } }
}
