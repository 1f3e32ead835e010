internal import Synchronization

/// Limits the requests that need the daemon, in all and for each source address, so that one source does not
/// take the place of the others.
final class LiveRequests: Sendable {
    private struct Source {
        var inProgress = 0
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    private struct State {
        var inProgress = 0
        var sources: [SourceAddress: Source] = [:]
    }

    private let state = Mutex(State())
    private let limits: DistributionLimits

    /// Sources that are remembered without a request in progress.
    private static let mostSources = 65_536

    init(limits: DistributionLimits) { self.limits = limits }

    /// Counts a request. ``leave(_:)`` must follow when it is answered.
    /// - Returns: false for a request beyond the limits
    func enter(_ address: SourceAddress) -> Bool {
        let now = ContinuousClock.now
        let rate = Double(limits.livePerSecond)
        return state.withLock { state in
            var source = state.sources[address] ?? Source(tokens: rate, filledAt: now)
            source.tokens = min(rate, source.tokens + source.filledAt.duration(to: now) / .seconds(1) * rate)
            source.filledAt = now
            defer { state.sources[address] = source }
            guard state.inProgress < limits.live, source.inProgress < max(1, limits.live / 4),
                limits.livePerSecond == 0 || source.tokens >= 1
            else { return false }
            source.tokens -= 1
            source.inProgress += 1
            state.inProgress += 1
            return true
        }
    }

    func leave(_ address: SourceAddress) {
        state.withLock { state in
            state.inProgress -= 1
            state.sources[address]?.inProgress -= 1
            if state.sources.count > Self.mostSources {
                state.sources = state.sources.filter { $0.value.inProgress > 0 }
            }
        }
    }
}

/// The limits on relying parties.
public struct DistributionLimits: Sendable, Hashable {
    /// Connections open at once.
    public var connections: Int
    /// Connections of one source address.
    public var connectionsPerSource: Int
    /// Requests that wait for the daemon at once; a quarter of them for one source address.
    public var live: Int
    /// Requests a second of one source address that may ask the daemon; 0 for any number.
    public var livePerSecond: Int
    /// Seconds of a phase of a connection.
    public var idleSeconds: Int
    /// Octets of the responses that are kept.
    public var cacheOctets: Int

    public init(
        connections: Int = 4096, connectionsPerSource: Int = 256, live: Int = 256, livePerSecond: Int = 500,
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
