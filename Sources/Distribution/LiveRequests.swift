internal import Synchronization

/// Limits the requests that need the daemon. Each source address has a rate, and when every place is taken the
/// sources take turns, so that one does not take the places of the others.
final class LiveRequests: Sendable {
    private struct Source {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
        var waiting: [CheckedContinuation<Bool, Never>] = []
    }

    private struct State {
        var inProgress = 0
        var sources: [SourceAddress: Source] = [:]
        /// The sources with requests that wait, in the order of their turns.
        var turns: [SourceAddress] = []
    }

    private let state = Mutex(State())
    private let limits: DistributionLimits
    private let now: @Sendable () -> ContinuousClock.Instant

    /// Sources that are remembered although nothing of them waits.
    private static let mostSources = 65_536
    /// Requests of one source that wait for a place.
    private static let mostWaiting = 64

    /// - Parameter now: the clock of the rates
    init(
        limits: DistributionLimits,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.limits = limits
        self.now = now
    }

    /// Waits for a place. ``leave()`` must follow when the request is answered.
    /// - Parameter cost: the certificates that the request names
    /// - Returns: false for a request beyond the limits of its source, at once
    func enter(_ address: SourceAddress, cost: Int) async -> Bool {
        guard take(cost, of: address) else { return false }
        let isWaiting = state.withLock { state in
            guard state.inProgress >= limits.live else {
                state.inProgress += 1
                return false
            }
            return true
        }
        guard isWaiting else { return true }
        return await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                // A place may be free again.
                if state.inProgress < limits.live {
                    state.inProgress += 1
                    return true
                }
                var source =
                    state.sources[address] ?? Source(tokens: Double(limits.livePerSecond), filledAt: now())
                guard source.waiting.count < Self.mostWaiting else { return false }
                if source.waiting.isEmpty { state.turns.append(address) }
                source.waiting.append(continuation)
                state.sources[address] = source
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Frees a place: it goes to the next request of the source whose turn it is.
    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard let address = state.turns.first, var source = state.sources[address],
                !source.waiting.isEmpty
            else {
                state.inProgress -= 1
                return nil
            }
            state.turns.removeFirst()
            let next = source.waiting.removeFirst()
            if !source.waiting.isEmpty { state.turns.append(address) }
            state.sources[address] = source
            return next
        }
        next?.resume(returning: true)
    }

    /// How many requests wait for a place.
    var waitingCount: Int { state.withLock { $0.sources.values.reduce(0) { $0 + $1.waiting.count } } }

    private func take(_ cost: Int, of address: SourceAddress) -> Bool {
        guard limits.livePerSecond > 0 else { return true }
        let now = now()
        let rate = Double(limits.livePerSecond)
        return state.withLock { state in
            var source = state.sources[address] ?? Source(tokens: rate, filledAt: now)
            source.tokens = min(rate, source.tokens + source.filledAt.duration(to: now) / .seconds(1) * rate)
            source.filledAt = now
            // A request may cost more than a second's tokens have; the source then waits for longer.
            let isTaken = source.tokens >= min(Double(cost), rate)
            if isTaken { source.tokens -= Double(cost) }
            state.sources[address] = source
            if state.sources.count > Self.mostSources {
                // Those whose tokens are full again need not be remembered.
                state.sources = state.sources.filter {
                    !$0.value.waiting.isEmpty || $0.value.filledAt.duration(to: now) < .seconds(2)
                }
            }
            return isTaken
        }
    }
}

/// The limits on relying parties.
public struct DistributionLimits: Sendable, Hashable {
    /// Connections open at once.
    public var connections: Int
    /// Connections of one source address.
    public var connectionsPerSource: Int
    /// Requests for which the daemon is asked at once. Others wait for their turn.
    public var live: Int
    /// Certificates a second about which one source address may have the daemon asked; 0 for any number.
    public var livePerSecond: Int
    /// Seconds of a phase of a connection.
    public var idleSeconds: Int
    /// Octets of the responses that are kept.
    public var cacheOctets: Int

    public init(
        connections: Int = 4096, connectionsPerSource: Int = 256, live: Int = 128, livePerSecond: Int = 500,
        idleSeconds: Int = 15, cacheOctets: Int = 256 * 1024 * 1024
    ) {
        self.connections = connections
        self.connectionsPerSource = connectionsPerSource
        self.live = live
        self.livePerSecond = livePerSecond
        self.idleSeconds = idleSeconds
        self.cacheOctets = cacheOctets
    }
}
