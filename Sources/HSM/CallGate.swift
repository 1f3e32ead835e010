internal import Synchronization

/// Lets so much go on at once; the others wait for their turn, first come first served.
final class CallGate: Sendable {
    private struct Waiter {
        let weight: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var free: Int
        var waiting: [Waiter] = []
    }

    private let places: Int
    private let state: Mutex<State>

    init(places: Int) {
        self.places = places
        state = Mutex(State(free: places))
    }

    /// Returns when there is room, which is the caller's until ``leave(_:)`` with the same weight. More than
    /// there is altogether counts as all of it.
    func enter(_ weight: Int) async {
        let weight = min(weight, places)
        await withCheckedContinuation { continuation in
            let mayGo = state.withLock { state in
                // Who comes later does not pass by those who wait.
                if state.waiting.isEmpty, state.free >= weight {
                    state.free -= weight
                    return true
                }
                state.waiting.append(Waiter(weight: weight, continuation: continuation))
                return false
            }
            if mayGo { continuation.resume() }
        }
    }

    func leave(_ weight: Int) {
        let next = state.withLock { state in
            state.free += min(weight, places)
            var next: [Waiter] = []
            for waiter in state.waiting {
                guard state.free >= waiter.weight else { break }
                state.free -= waiter.weight
                next.append(waiter)
            }
            state.waiting.removeFirst(next.count)
            return next
        }
        for waiter in next { waiter.continuation.resume() }
    }
}
