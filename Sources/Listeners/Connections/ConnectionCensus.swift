internal import Synchronization

/// Counts the open connections, and decides whether a new one is served.
final class ConnectionCensus: Sendable {
    /// The count that a connection belongs to. It is decided once, when the connection is accepted.
    enum Account: Sendable, Hashable {
        /// Root and the daemon's user.
        case privileged
        /// A user with a principal.
        case user(UInt32)
        /// Every peer without a principal.
        case unmapped
    }

    enum Refusal: Error, Sendable, Hashable {
        case all(Int)
        case user(UInt32, Int)
        case unmapped(Int)

        /// For the client and the daemon's log.
        var reason: String {
            switch self {
            case .all(let most): "all \(most) connections are in use; try again later"
            case .user(let uid, let most):
                "the user \(uid) has \(most) connections, as many as one user may have; close some"
            case .unmapped(let most):
                "peers without a principal have \(most) connections, as many as they may have together"
            }
        }
    }

    private struct State {
        var open = 0
        var byAccount: [Account: Int] = [:]
    }

    private let limits: ConnectionLimits
    private let state = Mutex(State())

    init(limits: ConnectionLimits) { self.limits = limits }

    /// Counts a connection. ``leave(_:)`` must follow when it closes.
    func enter(_ account: Account) throws(Refusal) {
        try state.withLock { state throws(Refusal) in
            let own = state.byAccount[account, default: 0]
            switch account {
            case .privileged:
                guard state.open < limits.connections else { throw .all(limits.connections) }
            case .user(let uid):
                guard own < limits.perUser else { throw .user(uid, limits.perUser) }
                guard state.open < limits.connections - limits.reserved else {
                    throw .all(limits.connections)
                }
            case .unmapped:
                guard own < limits.unmapped else { throw .unmapped(limits.unmapped) }
                guard state.open < limits.connections - limits.reserved else {
                    throw .all(limits.connections)
                }
            }
            state.open += 1
            state.byAccount[account] = own + 1
        }
    }

    func leave(_ account: Account) {
        state.withLock { state in
            state.open -= 1
            let rest = state.byAccount[account, default: 1] - 1
            state.byAccount[account] = rest == 0 ? nil : rest
        }
    }
}
