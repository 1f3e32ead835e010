/// Decides when a token that failed may be tried again: at once after the first failure, then after pauses
/// that double, with jitter, up to ten seconds. A success begins anew.
struct Breaker: Sendable {
    private var failures = 0
    private var notBefore: ContinuousClock.Instant?

    static let firstPause: Duration = .milliseconds(100)
    static let longestPause: Duration = .seconds(10)

    /// How long nothing may be tried yet; nil when it may.
    func wait(at now: ContinuousClock.Instant) -> Duration? {
        guard let notBefore, notBefore > now else { return nil }
        return notBefore - now
    }

    /// Whether a success would change anything.
    var isSuspicious: Bool { failures > 0 }

    mutating func noteSuccess() {
        failures = 0
        notBefore = nil
    }

    /// - Parameter jitter: from 0 to 1; the pause is that share of itself longer, so that many daemons do
    ///   not come back at the same moment
    mutating func noteFailure(at now: ContinuousClock.Instant, jitter: Double) {
        failures += 1
        guard failures > 1 else { return }
        let doubled = Self.firstPause * (1 << min(failures - 2, 10))
        notBefore = now + min(doubled, Self.longestPause) * (1 + jitter)
    }
}
