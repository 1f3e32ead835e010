internal import DequeModule
internal import Synchronization

/// On whose behalf the token is asked, which decides whose turn it is.
public struct TokenClaim: Sendable, Hashable {
    /// Whoever asks: a flood from one does not keep another waiting. Such as the ARN of a principal.
    public var claimant: String
    /// What relying parties wait for (CRLs, OCSP responses) goes before everything else.
    public var isUrgent: Bool

    public init(claimant: String, isUrgent: Bool = false) {
        self.claimant = claimant
        self.isUrgent = isUrgent
    }

    /// The daemon's own work.
    public static let house = TokenClaim(claimant: "")
}

/// Lets so much go on at once; the others wait for their turn, in a queue that has an end. Urgent calls go first, then
/// the claimants in turn, each with its own calls in the order they came.
final class CallQueue: Sendable {
    private struct Waiter {
        let weight: Int
        let deadline: SuspendingClock.Instant
        let continuation: CheckedContinuation<HSMError?, Never>
    }

    private struct State {
        var free: Int
        var urgent: Deque<Waiter> = []
        var waiting: [String: Deque<Waiter>] = [:]
        /// The claimants that have somebody waiting, in the order of their turns.
        var turns: Deque<String> = []
        var count = 0

        /// Whose turn it is, without taking it.
        var next: Waiter? { urgent.first ?? turns.first.flatMap { waiting[$0]?.first } }

        mutating func append(_ waiter: Waiter, for claim: TokenClaim) {
            count += 1
            if claim.isUrgent { return urgent.append(waiter) }
            if waiting[claim.claimant] == nil { turns.append(claim.claimant) }
            waiting[claim.claimant, default: []].append(waiter)
        }

        mutating func removeNext() {
            count -= 1
            if urgent.popFirst() != nil { return }
            guard let claimant = turns.popFirst() else { return }
            _ = waiting[claimant]?.popFirst()
            // Behind the others, with what it has left.
            if waiting[claimant]?.isEmpty ?? true { waiting[claimant] = nil } else { turns.append(claimant) }
        }

        /// Takes everybody whose time is over out of the queue.
        mutating func removeOverdue(at now: SuspendingClock.Instant) -> [Waiter] {
            guard count > 0 else { return [] }
            var overdue = urgent.filter { $0.deadline <= now }
            urgent.removeAll { $0.deadline <= now }
            for (claimant, list) in waiting {
                let late = list.filter { $0.deadline <= now }
                guard !late.isEmpty else { continue }
                overdue += late
                let rest = list.filter { $0.deadline > now }
                waiting[claimant] = rest.isEmpty ? nil : rest
                if rest.isEmpty { turns.removeAll { $0 == claimant } }
            }
            count -= overdue.count
            return Array(overdue)
        }
    }

    private let places: Int
    private let limit: Int
    private let patience: Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - places: how much may go on at once
    ///   - limit: how many may wait; more are refused at once
    ///   - patience: how long one may wait
    init(places: Int, limit: Int, patience: Duration) {
        self.places = places
        self.limit = limit
        self.patience = patience
        state = Mutex(State(free: places))
    }

    /// Returns when there is room, which is the caller's until ``leave(_:)`` with the same weight. More than there is
    /// altogether counts as all of it.
    /// - Throws: `busy` when too many wait already, or the wait took too long
    func enter(_ weight: Int, for claim: TokenClaim) async throws(HSMError) {
        let weight = min(weight, places)
        // The usual case costs one lock and no suspension.
        let mayGo = state.withLock { state in
            guard state.count == 0, state.free >= weight else { return false }
            state.free -= weight
            return true
        }
        if mayGo { return }
        let refusal = await withCheckedContinuation { continuation in
            let answer: HSMError?? = state.withLock { state in
                if state.count == 0, state.free >= weight {
                    state.free -= weight
                    return .some(nil)
                }
                guard state.count < limit else { return .busy }
                state.append(
                    Waiter(weight: weight, deadline: .now + patience, continuation: continuation), for: claim)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
        if let refusal { throw refusal }
    }

    /// How many wait now.
    var waitingCount: Int { state.withLock { $0.count } }

    func leave(_ weight: Int) {
        let admitted = state.withLock { state in
            state.free += min(weight, places)
            var admitted: [Waiter] = []
            while let next = state.next, state.free >= next.weight {
                state.free -= next.weight
                state.removeNext()
                admitted.append(next)
            }
            return admitted
        }
        for waiter in admitted { waiter.continuation.resume(returning: nil) }
    }

    /// Sends away everybody who has waited too long.
    func dismissOverdue() {
        let overdue = state.withLock { $0.removeOverdue(at: .now) }
        for waiter in overdue { waiter.continuation.resume(returning: .busy) }
    }
}
