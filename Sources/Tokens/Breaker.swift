/// Decides when a token that failed may be tried again: at once after the first failure, then after pauses a
/// quarter as long as the token has been failing, with jitter, from a tenth of a second to ten. So the pauses
/// grow with the outage, and a recovered token is used again soon. A success resets the breaker.
struct Breaker: Sendable {
    private var failingSince: ContinuousClock.Instant?
    private var notBefore: ContinuousClock.Instant?

    static let shortestPause: Duration = .milliseconds(100)
    static let longestPause: Duration = .seconds(10)

    /// The time until the next attempt is allowed; nil when it is allowed now.
    func wait(at now: ContinuousClock.Instant) -> Duration? {
        guard let notBefore, notBefore > now else { return nil }
        return notBefore - now
    }

    /// Whether a success would reset the breaker.
    var isSuspicious: Bool { failingSince != nil }

    mutating func noteSuccess() {
        failingSince = nil
        notBefore = nil
    }

    /// Resets the breaker if the token served longer than the longest pause before it failed again.
    mutating func noteService(of duration: Duration) { if duration > Self.longestPause { noteSuccess() } }

    /// - Parameter jitter: from 0 to 1; the pause is that share of itself longer, so that many daemons do not
    ///   retry at the same moment
    mutating func noteFailure(at now: ContinuousClock.Instant, jitter: Double) {
        guard let failingSince else {
            self.failingSince = now
            return
        }
        let pause = min(max((now - failingSince) / 4, Self.shortestPause), Self.longestPause)
        notBefore = now + pause * (1 + jitter)
    }
}
