internal import Synchronization
internal import TokenProtocol

/// Counts the threads that tried to open a session. A token that has no more sessions is served by those it gave; one on which
/// a session fails for another reason is not: what is ill once is not to be trusted with a part of the work.
final class SessionCensus: Sendable {
    private struct Counts {
        var tried = 0
        var opened = 0
        /// The first that says that the token has no more.
        var refusal: WorkerFailure?
        /// The first that says anything else.
        var failure: WorkerFailure?
    }

    private let expected: Int
    private let counts = Mutex(Counts())
    private let whenComplete: @Sendable (Result<Int, WorkerFailure>) -> Void

    /// - Parameter whenComplete: told, once all have tried, how many have a session; or why none has, or one could not be
    ///   opened though the token has room
    init(expected: Int, whenComplete: @escaping @Sendable (Result<Int, WorkerFailure>) -> Void) {
        self.expected = expected
        self.whenComplete = whenComplete
    }

    func note(_ outcome: Result<Void, WorkerFailure>) {
        let counts = counts.withLock { counts in
            counts.tried += 1
            switch outcome {
            case .success: counts.opened += 1
            case .failure(let failure) where failure.failureClass == .capacity:
                counts.refusal = counts.refusal ?? failure
            case .failure(let failure): counts.failure = counts.failure ?? failure
            }
            return counts
        }
        guard counts.tried == expected else { return }
        if let failure = counts.failure ?? (counts.opened == 0 ? counts.refusal : nil) {
            whenComplete(.failure(failure))
        } else {
            whenComplete(.success(counts.opened))
        }
    }
}
