internal import Logging
internal import Synchronization

/// Whether the daemon answers. Each change is logged once.
final class SourceStanding: Sendable {
    private struct State {
        var awaySince: Int64?
    }

    private let state = Mutex(State())
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// Seconds since 1970; nil while it answers, and before it was asked.
    var awaySince: Int64? { state.withLock { $0.awaySince } }

    func answered(at now: Int64) {
        let isBack = state.withLock { state in
            defer { state.awaySince = nil }
            return state.awaySince != nil
        }
        if isBack { logger.notice("the daemon answers again") }
    }

    func failed(_ error: any Error, at now: Int64) {
        let isNew = state.withLock { state in
            defer { state.awaySince = state.awaySince ?? now }
            return state.awaySince == nil
        }
        if isNew {
            logger.error(
                "the daemon does not answer; responses that are kept still serve",
                metadata: ["reason": "\(error)"])
        }
    }
}
