internal import Synchronization

/// What a request costs its user.
struct RequestCost: Sendable, Hashable {
    /// Octets read of its body.
    var octets = 0
    /// Whether the request is charged: it was refused, or answered without a principal's rights.
    var isDue = false
}

/// Slows down users whose requests are refused, and requests for health and metrics: what is answered without a principal's
/// rights must not take the processor from those that have some.
///
/// Each user has a token bucket, whatever connections its requests come on. A refused request takes tokens in proportion to what
/// was read of it. A user whose bucket is empty waits before its next request is looked at, and is refused at once when it would
/// wait too long. Requests that are being answered count as refused until they turn out otherwise, unless the bucket is full: a
/// user that sends as many as it has connections, all at once, gets no more of them refused than one that sends them in turn.
/// Root and the daemon's own user are never slowed.
final class RefusalPacer: Sendable {
    enum Admission: Sendable, Hashable {
        case now
        /// The request has paid a token, so that those behind it wait longer. It gets the token back when it costs nothing.
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

    /// Asks before a request is looked at. ``settle(_:_:_:at:)`` follows when it is answered, unless it is refused here.
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
                if buckets.count >= Self.mostUsers, buckets[user] == nil { Self.forget(&buckets, at: now) }
                buckets[user] = bucket
            }
            return value
        }
    }

    private static func forget(_ buckets: inout [UInt32: Bucket], at now: Duration) {
        for (user, var bucket) in buckets {
            bucket.fill(at: now)
            if bucket.isFull && bucket.unsettled == 0 { buckets[user] = nil }
        }
        // Every one of them is being slowed or answered: the user with most tokens left loses least.
        if buckets.count >= mostUsers, let fullest = buckets.max(by: { $0.value.tokens < $1.value.tokens }) {
            buckets[fullest.key] = nil
        }
    }
}
