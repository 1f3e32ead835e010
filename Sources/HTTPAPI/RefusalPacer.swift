internal import Synchronization

/// Slows down users whose requests are refused, and requests for health and metrics: what is answered without a principal's
/// rights must not take the processor from those that have some.
///
/// Each user has a token bucket. A refused request takes tokens in proportion to what was read of it; a user whose bucket is
/// empty waits before its next request is looked at, and is refused at once when it would wait too long. Root and the daemon's
/// own user are never slowed.
final class RefusalPacer: Sendable {
    enum Admission: Sendable, Hashable {
        case now
        case after(Duration)
        case refused
    }

    /// Tokens a second that a bucket gets back, and how many it holds.
    static let rate = 20.0
    static let capacity = 200.0
    /// The longest wait.
    static let patience = Duration.seconds(10)
    /// Octets of a refused body that cost a token.
    static let octetsPerToken = 65_536
    /// Users whose buckets are kept. A bucket that is full again is forgotten.
    private static let mostUsers = 4096

    private struct Bucket {
        var tokens: Double
        var filledAt: Duration
    }

    private let exempt: Set<UInt32>
    private let buckets = Mutex<[UInt32: Bucket]>([:])

    init(exempt: Set<UInt32>) { self.exempt = exempt }

    /// Asks before a request is looked at. A request that waits has paid a token, so that those behind it wait longer.
    func admit(_ user: UInt32, at now: Duration) -> Admission {
        if exempt.contains(user) { return .now }
        return buckets.withLock { buckets in
            guard var bucket = buckets[user] else { return .now }
            Self.fill(&bucket, at: now)
            defer { buckets[user] = bucket.tokens >= Self.capacity ? nil : bucket }
            if bucket.tokens >= 1 { return .now }
            let wait = Duration.seconds((1 - bucket.tokens) / Self.rate)
            guard wait <= Self.patience else { return .refused }
            bucket.tokens -= 1
            return .after(wait)
        }
    }

    /// - Parameters:
    ///   - octets: read of the body of the refused request
    ///   - hasPaid: whether the request paid its token when it was admitted
    func charge(_ user: UInt32, octets: Int, hasPaid: Bool = false, at now: Duration) {
        if exempt.contains(user) { return }
        buckets.withLock { buckets in
            var bucket = buckets[user] ?? Bucket(tokens: Self.capacity, filledAt: now)
            Self.fill(&bucket, at: now)
            bucket.tokens -= (hasPaid ? 0 : 1) + Double(octets) / Double(Self.octetsPerToken)
            if buckets.count >= Self.mostUsers, buckets[user] == nil { Self.forgetFull(&buckets, at: now) }
            buckets[user] = bucket
        }
    }

    private static func fill(_ bucket: inout Bucket, at now: Duration) {
        bucket.tokens = min(capacity, bucket.tokens + (now - bucket.filledAt) / .seconds(1) * rate)
        bucket.filledAt = now
    }

    private static func forgetFull(_ buckets: inout [UInt32: Bucket], at now: Duration) {
        for (user, var bucket) in buckets {
            fill(&bucket, at: now)
            if bucket.tokens >= capacity { buckets[user] = nil }
        }
        // Every one of them is being slowed: the user with most tokens left loses least.
        if buckets.count >= mostUsers, let fullest = buckets.max(by: { $0.value.tokens < $1.value.tokens }) {
            buckets[fullest.key] = nil
        }
    }
}
