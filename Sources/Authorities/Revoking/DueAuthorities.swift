internal import Synchronization

/// The authorities for which a job has work at once: after a revocation, an activation or a change of their
/// configuration. Use cases add them; the job takes them.
public final class DueAuthorities: Sendable {
    private let ids = Mutex<Set<String>>([])
    /// An element after additions and wakes. Several can share one.
    public let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    public init() {
        (arrivals, arrival) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    public func insert(_ id: String) {
        ids.withLock { _ = $0.insert(id) }
        arrival.yield()
    }

    /// Adds ids again that were taken, without waking the job.
    public func putBack(_ taken: Set<String>) { ids.withLock { $0.formUnion(taken) } }

    /// Has the job look what is due by time.
    public func wake() { arrival.yield() }

    /// The ids since the last call.
    public func take() -> Set<String> {
        ids.withLock { ids in
            defer { ids = [] }
            return ids
        }
    }
}
