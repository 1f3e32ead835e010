@testable import Tokens

/// A breaker's pauses without jitter, in milliseconds. The failures are given in milliseconds after the
/// first.
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
