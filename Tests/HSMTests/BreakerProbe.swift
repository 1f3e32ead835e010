@testable import HSM

/// The pauses of a breaker without jitter, in milliseconds, failure by failure.
enum BreakerProbe {
    static var pauses: [Int64] {
        var breaker = Breaker()
        let now = ContinuousClock.now
        return (0..<10).map { _ in
            breaker.noteFailure(at: now, jitter: 0)
            return breaker.wait(at: now)?.inMilliseconds ?? 0
        }
    }
}
