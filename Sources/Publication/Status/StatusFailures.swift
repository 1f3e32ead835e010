internal import Logging
internal import Synchronization

/// The authorities for which no response could be signed. Relying parties cause requests at any rate, so each
/// change is logged once.
final class StatusFailures: Sendable {
    private let failing = Mutex<Set<String>>([])
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    func failed(_ authority: String, _ error: any Error) {
        guard failing.withLock({ $0.insert(authority).inserted }) else { return }
        logger.error(
            "OCSP requests are not answered", metadata: ["authority": "\(authority)", "reason": "\(error)"])
    }

    func succeeded(_ authority: String) {
        guard failing.withLock({ $0.remove(authority) != nil }) else { return }
        logger.notice("OCSP requests are answered again", metadata: ["authority": "\(authority)"])
    }
}
