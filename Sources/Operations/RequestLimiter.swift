internal import Authorization
internal import Synchronization

/// Holds principals to their rates: a token bucket for each principal and action, which holds what a second
/// fills.
final class RequestLimiter: Sendable {
    struct Refusal: Sendable {
        /// How many requests were refused since the last one that was recorded, this one among them.
        let count: Int
    }

    enum Answer: Sendable {
        case admitted
        /// With a refusal to record; a flood is recorded once a second, so that it cannot fill the log.
        case refused(Refusal?)
    }

    private enum Who: Hashable {
        case principal(ARN)
        /// The user of a peer that is no principal.
        case stranger(UInt32)
    }

    private struct Key: Hashable {
        let who: Who
        let action: Action?
    }

    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
        var refused = 0
        var recordedAt: ContinuousClock.Instant?
    }

    private let buckets = Mutex<[Key: Bucket]>([:])

    /// Whether the refusal of a peer that is no principal is put on record: a hundred at once, and then one a
    /// second.
    func admitRefusalRecord(forUnmapped uid: UInt32) -> Bool {
        if case .admitted = admit(Key(who: .stranger(uid), action: nil), rate: 1, capacity: 100) {
            true
        } else {
            false
        }
    }

    /// - Parameter rate: requests a second
    func admit(_ principal: ARN, _ action: Action?, rate: Double) -> Answer {
        // At least one: a rate below one a second is one in several seconds.
        admit(Key(who: .principal(principal), action: action), rate: rate, capacity: max(1, rate))
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
