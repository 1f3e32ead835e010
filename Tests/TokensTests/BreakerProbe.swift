@testable import Tokens

/// The pauses of a breaker without jitter, in milliseconds, for failures so many milliseconds after the first.
enum BreakerProbe {
    static func pauses(_ failures: [Int]) -> [Int64] {
        var breaker = Breaker()
        let start = ContinuousClock.now
        return failures.map { after in
            let now = start + .milliseconds(after)
            breaker.noteFailure(at: now, jitter: 0)
            return breaker.wait(at: now)?.inMilliseconds ?? 0
        }
    }
}
