internal import Synchronization

/// Counts the open connections, in all and of each source address.
final class SourceCensus: Sendable {
    private struct State {
        var open = 0
        var bySource: [SourceAddress: Int] = [:]
    }

    private let limits: DistributionLimits
    private let state = Mutex(State())

    init(limits: DistributionLimits) { self.limits = limits }

    /// Counts a connection. ``leave(_:)`` must follow when it closes.
    /// - Returns: false for a connection beyond the limits
    func enter(_ address: SourceAddress) -> Bool {
        state.withLock { state in
            let own = state.bySource[address, default: 0]
            guard state.open < limits.connections, own < limits.connectionsPerSource else { return false }
            state.open += 1
            state.bySource[address] = own + 1
            return true
        }
    }

    func leave(_ address: SourceAddress) {
        state.withLock { state in
            state.open -= 1
            let rest = state.bySource[address, default: 1] - 1
            state.bySource[address] = rest == 0 ? nil : rest
        }
    }
}
