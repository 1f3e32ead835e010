internal import DequeModule
internal import Signing
internal import Synchronization

/// A bounded queue in front of a number of places. Urgent calls go first, then one call of each source in
/// turn, each source in its own order.
final class CallQueue<Turn: Sendable>: Sendable {
    private struct Waiter {
        let weight: Int
        let mayShare: Bool
        let deadline: SuspendingClock.Instant
        let turn: Turn
    }

    private struct State {
        var places: Int
        var free: Int
        var urgent: Deque<Waiter> = []
        var waiting: [String: Deque<Waiter>] = [:]
        /// The sources that have calls waiting, in the order of their turns.
        var turns: Deque<String> = []
        var count = 0

        /// The next call, without removing it.
        var next: Waiter? { urgent.first ?? turns.first.flatMap { waiting[$0]?.first } }

        mutating func append(_ waiter: Waiter, _ priority: SigningPriority) {
            count += 1
            if priority.isUrgent { return urgent.append(waiter) }
            if waiting[priority.source] == nil { turns.append(priority.source) }
            waiting[priority.source, default: []].append(waiter)
        }

        mutating func removeNext() {
            count -= 1
            if urgent.popFirst() != nil { return }
            guard let source = turns.popFirst() else { return }
            _ = waiting[source]?.popFirst()
            // A source with further calls goes to the end of the turns.
            if waiting[source]?.isEmpty ?? true { waiting[source] = nil } else { turns.append(source) }
        }

        /// Removes the calls whose deadline has passed.
        mutating func removeOverdue(at now: SuspendingClock.Instant) -> [Waiter] {
            guard count > 0 else { return [] }
            var overdue = urgent.filter { $0.deadline <= now }
            urgent.removeAll { $0.deadline <= now }
            for (source, list) in waiting {
                let late = list.filter { $0.deadline <= now }
                guard !late.isEmpty else { continue }
                overdue += late
                let rest = list.filter { $0.deadline > now }
                waiting[source] = rest.isEmpty ? nil : rest
                if rest.isEmpty { turns.removeAll { $0 == source } }
            }
            count -= overdue.count
            return Array(overdue)
        }
    }

    /// The outcome of trying to enter the queue.
    enum Admission {
        /// There is room. The call holds it until ``leave(_:together:)`` with the same weight.
        case now
        /// The call waits until ``leave(_:together:)`` returns its turn.
        case queued
        /// The queue is full.
        case refused
    }

    private let limit: Int
    private let patience: Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - places: the total room, until ``widen(to:)``
    ///   - limit: the maximum number of waiting calls; further ones are refused at once
    ///   - patience: the maximum waiting time
    init(places: Int, limit: Int, patience: Duration) {
        self.limit = limit
        self.patience = patience
        state = Mutex(State(places: places, free: places))
    }

    /// Raises the number of places. Precondition: the queue is idle, and `places` is no less than before.
    func widen(to places: Int) {
        state.withLock { state in
            precondition(places >= state.places && state.free == state.places && state.count == 0)
            state.free += places - state.places
            state.places = places
        }
    }

    /// - Parameters:
    ///   - weight: the room that the call takes, at most all places
    ///   - mayShare: whether it may share its room with other calls of the same weight
    func enter(_ turn: Turn, _ weight: Int, mayShare: Bool = false, _ priority: SigningPriority) -> Admission
    {
        state.withLock { state in
            let weight = min(weight, state.places)
            if state.count == 0, state.free >= weight {
                state.free -= weight
                return .now
            }
            guard state.count < limit else { return .refused }
            state.append(
                Waiter(weight: weight, mayShare: mayShare, deadline: .now + patience, turn: turn), priority)
            return .queued
        }
    }

    /// The number of waiting calls.
    var waitingCount: Int { state.withLock { $0.count } }

    /// Returns room to the queue.
    /// - Parameter together: given the numbers of waiting calls and of places, the number of calls that share
    ///   room
    /// - Returns: the calls whose turn it is now; each group holds the room together
    func leave(_ weight: Int, together: (_ waiting: Int, _ places: Int) -> Int = { _, _ in 1 }) -> [[Turn]] {
        state.withLock { state in
            state.free += min(weight, state.places)
            var admitted: [[Turn]] = []
            while let first = state.next, state.free >= first.weight {
                state.free -= first.weight
                var more = first.mayShare ? together(state.count, state.places) - 1 : 0
                state.removeNext()
                var group = [first.turn]
                while more > 0, let next = state.next, next.mayShare, next.weight == first.weight {
                    state.removeNext()
                    group.append(next.turn)
                    more -= 1
                }
                admitted.append(group)
            }
            return admitted
        }
    }

    /// Removes the calls that have waited too long.
    func dismissOverdue() -> [Turn] { state.withLock { $0.removeOverdue(at: .now).map(\.turn) } }
}
