public import Foundation
public import TransparencyLog

/// A part of the log.
public struct EventSlice: Sendable {
    public var events: [(index: Int64, body: Data)]
    /// The first index that was not looked at.
    public var next: Int64

    public init(events: [(index: Int64, body: Data)], next: Int64) {
        self.events = events
        self.next = next
    }
}

/// A store of the audit log: its events, the hashes of its tree, its key and its checkpoints.
public protocol AuditLogStore: ChangeStore, SubtreeHashes where Failure == StorageError {
    /// How many events the log has.
    func logSize() async throws(StorageError) -> UInt64

    func logKey() async throws(StorageError) -> LogKeyRecord?

    /// The newest signed checkpoint, or the first of the log with `size` events or more; nil when there is
    /// none.
    func checkpoint(of size: UInt64?) async throws(StorageError) -> String?

    /// The event with this eventID, or else that of the request with this requestID; of a request that never
    /// ended, the newest that names it.
    func event(id: String) async throws(StorageError) -> (index: Int64, body: Data)?

    /// The log's events in order, from `index` on; the first has index 0.
    func events(from index: Int64, limit: Int) async throws(StorageError) -> [(index: Int64, body: Data)]

    /// Those of the events in `range` that have a text of each list, in order; the first, and more until they
    /// have so many octets.
    func events(
        in range: Range<Int64>, having marks: [[String]], octets: Int
    ) async throws(StorageError) -> EventSlice
}
