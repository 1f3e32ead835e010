internal import Synchronization

/// Lets so many calls go on at once; the others wait for their turn, first come first served.
final class CallGate: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
        var served = 0
    }

    private let state: Mutex<State>

    init(places: Int) {
        state = Mutex(State(free: places))
    }

    /// Returns when there is a place, which is the caller's until ``leave()``.
    func enter() async {
        await withCheckedContinuation { continuation in
            let mayGo = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if mayGo { continuation.resume() }
        }
    }

    /// Gives the place to whoever has waited longest.
    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.served < state.waiting.count else {
                state.free += 1
                return nil
            }
            defer {
                state.served += 1
                // What was served is dropped now and then, not one by one from the front.
                if state.served == state.waiting.count || state.served > 512 {
                    state.waiting.removeFirst(state.served)
                    state.served = 0
                }
            }
            return state.waiting[state.served]
        }
        next?.resume()
    }
}
