internal import Synchronization

/// The cost of a request for its user.
struct RequestCost: Sendable, Hashable {
    /// Octets read of its body.
    var octets = 0
    /// Whether the request is charged: it was refused, or answered without a principal's rights.
    var isDue = false
}

/// Slows down users with refused requests, and requests for health and metrics, so that requests without a
/// principal's permissions do not take processor time from others.
///
/// Each user has a token bucket, whatever connections its requests come on. A refused request takes tokens in
/// proportion to the octets read. The next request of a user with an empty bucket is delayed, and refused
/// when the delay would be too long. Requests in progress count as refused until their outcome is known,
/// unless the bucket is full. So a user that sends requests on all its connections at once gains nothing over
/// sending them in turn. Root and the daemon's own user are never slowed.
final class RefusalPacer: Sendable {
    enum Admission: Sendable, Hashable {
        case now
        /// The request has paid a token, so that those behind it wait longer. It gets the token back when it
        /// costs nothing.
        case after(Duration)
        case refused
    }

    /// Tokens that a bucket gets back each second, and its capacity.
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
        /// Requests that were admitted without a wait and are not settled.
        var unsettled = 0

        var isFull: Bool { tokens >= RefusalPacer.capacity }
        var available: Double { isFull ? tokens : tokens - Double(unsettled) }

        mutating func fill(at now: Duration) {
            tokens = min(capacity, tokens + (now - filledAt) / .seconds(1) * rate)
            filledAt = now
        }
    }

    private let exempt: Set<UInt32>
    private let buckets = Mutex<[UInt32: Bucket]>([:])

    init(exempt: Set<UInt32>) { self.exempt = exempt }

    /// Call it before a request is processed. ``settle(_:_:_:at:)`` follows when it is answered, unless it is
    /// refused here.
    func admit(_ user: UInt32, at now: Duration) -> Admission {
        if exempt.contains(user) { return .now }
        return withBucket(of: user, at: now) { bucket in
            let available = bucket.available
            if available >= 1 {
                bucket.unsettled += 1
                return .now
            }
            let wait = Duration.seconds((1 - available) / Self.rate)
            guard wait <= Self.patience else { return .refused }
            bucket.tokens -= 1
            return .after(wait)
        }
    }

    /// Charges a request once its cost is known.
    /// - Parameter admission: nil for a request that was refused before it could be admitted
    func settle(_ user: UInt32, _ admission: Admission?, _ cost: RequestCost, at now: Duration) {
        if exempt.contains(user) { return }
        withBucket(of: user, at: now) { bucket in
            if admission == .now { bucket.unsettled = max(0, bucket.unsettled - 1) }
            var paid = 0.0
            if case .after = admission { paid = 1 }
            let price = cost.isDue ? 1 + Double(cost.octets) / Double(Self.octetsPerToken) : 0
            bucket.tokens = min(Self.capacity, bucket.tokens + paid - price)
        }
    }

    private func withBucket<Value: Sendable>(
        of user: UInt32, at now: Duration, _ change: (inout Bucket) -> Value
    ) -> Value {
        buckets.withLock { buckets in
            var bucket = buckets[user] ?? Bucket(tokens: Self.capacity, filledAt: now)
            bucket.fill(at: now)
            let value = change(&bucket)
            if bucket.isFull && bucket.unsettled == 0 {
                buckets[user] = nil
            } else {
                if buckets.count >= Self.mostUsers, buckets[user] == nil {
                    Self.removeFull(&buckets, at: now)
                }
                buckets[user] = bucket
            }
            return value
        }
    }

    private static func removeFull(_ buckets: inout [UInt32: Bucket], at now: Duration) {
        for (user, var bucket) in buckets {
            bucket.fill(at: now)
            if bucket.isFull && bucket.unsettled == 0 { buckets[user] = nil }
        }
        // All users in the table are delayed or in progress. Removing the one with most tokens loses least.
        if buckets.count >= mostUsers, let fullest = buckets.max(by: { $0.value.tokens < $1.value.tokens }) {
            buckets[fullest.key] = nil
        }
    }
}
