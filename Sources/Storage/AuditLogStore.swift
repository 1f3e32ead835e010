public import Foundation
public import TransparencyLog

/// A part of the log.
public struct EventSlice: Sendable {
    public var events: [(index: Int64, body: Data)]
    /// The first index that was not examined.
    public var next: Int64

    public init(events: [(index: Int64, body: Data)], next: Int64) {
        self.events = events
        self.next = next
    }
}

/// A store of the audit log: its events, the hashes of its tree, its key and its checkpoints.
public protocol AuditLogStore: ChangeStore, SubtreeHashes where Failure == StorageError {
    /// The number of events in the log.
    func logSize() async throws(StorageError) -> UInt64

    func logKey() async throws(StorageError) -> LogKeyRecord?

    /// The newest signed checkpoint, or the oldest one that covers at least `size` events; nil when there is
    /// none.
    func checkpoint(of size: UInt64?) async throws(StorageError) -> String?

    /// The event with this eventID, or else the event of the request with this requestID. For a request that
    /// never ended, it is the newest event with its requestID.
    func event(id: String) async throws(StorageError) -> (index: Int64, body: Data)?

    /// The log's events in order, from `index` on; the first has index 0.
    func events(from index: Int64, limit: Int) async throws(StorageError) -> [(index: Int64, body: Data)]

    /// The events in `range` that contain a text of each list, in order. Returns at least the first, and more
    /// up to the limit of octets.
    func events(
        in range: Range<Int64>, having marks: [[String]], octets: Int
    ) async throws(StorageError) -> EventSlice
}
