internal import Logging
internal import PKIX
internal import Synchronization

/// The daemon answers, and cannot tell the status.
private struct NoStatus: Error, CustomStringConvertible {
    let description = "it answers tryLater"
}

/// Whether the daemon gives statuses. Each change is logged once.
final class SourceStanding: Sendable {
    private struct State {
        var awaySince: Int64?
        var probedAt: Int64 = 0
    }

    private let state = Mutex(State())
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// Seconds since 1970; nil while it answers, and before it was asked.
    var awaySince: Int64? { state.withLock { $0.awaySince } }

    /// Whether the daemon is asked whether it is back: once a second.
    func isProbeDue(at now: Int64) -> Bool {
        state.withLock { state in
            guard state.probedAt != now else { return false }
            state.probedAt = now
            return true
        }
    }

    /// - Parameter octets: the response
    func answered(_ octets: [UInt8], at now: Int64) {
        if OCSPResponse.isTemporary(octets) { return failed(NoStatus(), at: now) }
        let isBack = state.withLock { state in
            defer { state.awaySince = nil }
            return state.awaySince != nil
        }
        if isBack { logger.notice("the daemon gives statuses again") }
    }

    func failed(_ error: any Error, at now: Int64) {
        let isNew = state.withLock { state in
            defer { state.awaySince = state.awaySince ?? now }
            return state.awaySince == nil
        }
        if isNew {
            logger.error(
                "the daemon gives no status; responses that are kept still serve",
                metadata: ["reason": "\(error)"])
        }
    }
}
