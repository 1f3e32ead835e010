internal import Synchronization

/// Keys on tokens that need no report: they were reported already, or the daemon is making them.
final class UnrecordedKeys: Sendable {
    private let known = Mutex<Set<[UInt8]>>([])

    /// Limits the memory when a module invents keys.
    private static let limit = 100_000

    /// Adds a key; false if it was already there, or if the limit is reached.
    @discardableResult
    func insert(_ identifier: [UInt8]) -> Bool {
        known.withLock { $0.count < Self.limit && $0.insert(identifier).inserted }
    }
}
