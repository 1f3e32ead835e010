internal import Synchronization

/// The keys on tokens that need no notice: they were reported, or the daemon is making them.
final class UnrecordedKeys: Sendable {
    private let known = Mutex<Set<[UInt8]>>([])

    /// Limits what the daemon remembers when a module invents keys.
    private static let limit = 100_000

    /// Adds a key; false for one that was there, and when there are too many.
    @discardableResult
    func insert(_ identifier: [UInt8]) -> Bool {
        known.withLock { $0.count < Self.limit && $0.insert(identifier).inserted }
    }
}
