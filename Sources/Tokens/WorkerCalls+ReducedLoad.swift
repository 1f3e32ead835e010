internal import Signing
internal import Synchronization

extension WorkerCalls {
    /// The state of reduced load for a token that is short of sessions or memory.
    struct ReducedLoad {
        var sessions = 1
        private var isOn = false
        private(set) var pause = ReducedLoad.shortestPause
        private var lastEnd: ContinuousClock.Instant?

        static let shortestPause: Duration = .milliseconds(100)
        static let longestPause: Duration = .seconds(5)
        /// After this time without a rest, the next rest is short again.
        static let recovery: Duration = .seconds(10)

        /// The number of resting sessions: half of them, or the only one.
        var places: Int { (sessions + 1) / 2 }

        /// False while a rest is in progress.
        mutating func begin(at now: ContinuousClock.Instant) -> Bool {
            guard !isOn else { return false }
            isOn = true
            if let lastEnd {
                pause =
                    now - lastEnd > Self.recovery ? Self.shortestPause : min(pause * 2, Self.longestPause)
            }
            return true
        }

        mutating func end(at now: ContinuousClock.Instant) {
            isOn = false
            lastEnd = now
        }
    }

    /// Leaves half of the sessions, or the only one, idle for some time, and returns at once. Later calls
    /// wait. Each rest is twice as long as the previous one, up to a limit, until the token has worked
    /// without failures for some time.
    ///
    /// A token that is out of memory or sessions (CKR_DEVICE_MEMORY, CKR_SESSION_COUNT) fails further calls
    /// too while the load stays the same. A new worker would only need more resources.
    func reduceLoad() {
        let places = reducedLoad.withLock { $0.begin(at: .now) ? $0.places : nil }
        guard let places else { return }
        switch queue.enter(.rest, places, SigningPriority(source: "", isUrgent: true)) {
        case .now: rest()
        case .queued: break
        case .refused: reducedLoad.withLock { $0.end(at: .now) }
        }
    }

    /// Begins the rest, once its places in the queue are taken.
    func rest() {
        let (places, pause) = reducedLoad.withLock { ($0.places, $0.pause) }
        Task {
            try? await Task.sleep(for: pause)
            reducedLoad.withLock { $0.end(at: .now) }
            release(places, of: queue)
        }
    }
}
