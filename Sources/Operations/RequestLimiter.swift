internal import Authorization
internal import Synchronization

/// Limits the rates of principals with a token bucket for each principal and action. A bucket's capacity is
/// the tokens of one second.
final class RequestLimiter: Sendable {
    struct Refusal: Sendable {
        /// The number of refused requests since the last recorded refusal, including this one.
        let count: Int
    }

    enum Answer: Sendable {
        case admitted
        /// Has a value when the refusal must be recorded. A flood is recorded once a second, so that it
        /// cannot fill the log.
        case refused(Refusal?)
    }

    private enum Subject: Hashable {
        case principal(ARN)
        /// The user of a peer without a principal.
        case unmapped(UInt32)
    }

    private struct Key: Hashable {
        let subject: Subject
        let action: Action?
    }

    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
        var refused = 0
        var recordedAt: ContinuousClock.Instant?
    }

    private let buckets = Mutex<[Key: Bucket]>([:])

    /// Whether to record the refusal of a peer without a principal. For each user it allows a burst of a
    /// hundred, and then one a second.
    func admitRefusalRecord(forUnmapped uid: UInt32) -> Bool {
        if case .admitted = admit(Key(subject: .unmapped(uid), action: nil), rate: 1, capacity: 100) {
            true
        } else {
            false
        }
    }

    /// - Parameter rate: requests a second
    func admit(_ principal: ARN, _ action: Action?, rate: Double) -> Answer {
        // At least one token, so that a rate below one a second allows a request every few seconds.
        admit(Key(subject: .principal(principal), action: action), rate: rate, capacity: max(1, rate))
    }

    private func admit(_ key: Key, rate: Double, capacity: Double) -> Answer {
        let now = ContinuousClock.now
        return buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(tokens: capacity, filledAt: now)
            bucket.tokens = min(
                capacity, bucket.tokens + bucket.filledAt.duration(to: now) / .seconds(1) * rate)
            bucket.filledAt = now
            defer { buckets[key] = bucket }
            if bucket.tokens >= 1 {
                bucket.tokens -= 1
                return .admitted
            }
            bucket.refused += 1
            if let last = bucket.recordedAt, last.duration(to: now) < .seconds(1) { return .refused(nil) }
            defer { bucket.refused = 0 }
            bucket.recordedAt = now
            return .refused(Refusal(count: bucket.refused))
        }
    }
}
