internal import RecordKeeping
internal import Synchronization
internal import TransparencyLog

/// The requests that wait for the next signed checkpoint.
final class CheckpointWaiters: Sendable {
    typealias Waiter = CheckedContinuation<Result<SignedNote?, CAError>, Never>

    private struct State {
        var waiting: [Waiter] = []
        var hasEnded = false
    }

    private let state = Mutex(State())

    /// Returns the first checkpoint whose signing begins after this call. A checkpoint that is being signed
    /// now may lack the caller's events.
    func next() async throws(CAError) -> SignedNote? {
        let result = await withCheckedContinuation { (waiter: Waiter) in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiting.append(waiter) }
                return state.hasEnded
            }
            if hasEnded { waiter.resume(returning: .failure(Self.stopping)) }
        }
        return try result.get()
    }

    /// Takes the requests that wait. The caller resumes each of them once.
    func begin() -> [Waiter] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.resume(returning: .failure(Self.stopping)) }
    }

    private static let stopping = CAError.requestFailed("the daemon is stopping; ask again")
}
