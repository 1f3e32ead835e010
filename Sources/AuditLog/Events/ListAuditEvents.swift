public import Audit
public import Authorization
public import Foundation
internal import JSON
public import RecordKeeping
internal import Storage

/// Searches the log.
public struct ListAuditEvents: Sendable {
    let store: any AuditLogStore
    let recorder: Recorder

    /// A request for one part of a search.
    public struct Request: Authorizable {
        public static let action = Action.listAuditEvents
        public let resource = "*"
        public let query: EventQuery
        /// The first index to examine; nil for the first that can have the query's time.
        public let from: UInt64?
        public let limit: Int

        public init(_ query: EventQuery, from: UInt64?, limit: Int?) {
            self.query = query
            self.from = from
            self.limit = min(limit ?? 1000, 1000)
        }
    }

    /// The maximum number of events that one call examines, and the number it reads at once.
    private static let mostExamined: UInt64 = 10_000
    private static let examinedAtOnce: UInt64 = 1_000
    /// The maximum octets of the events on a page, and of those read at once. They stay in memory until a
    /// slow client has read them.
    private static let mostOctets = 262_144

    /// How far events can be out of order, in seconds: the event of a request has the time of its arrival and
    /// is logged when it ends.
    private static let disorder: TimeInterval = 300

    /// The events that match a query, within the limits of one call. There are fewer than requested when the
    /// call reaches its limit of examined events or of octets.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<EventPage> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let (query, limit) = (request.query, request.limit)
            let from = request.from
            do throws(StorageError) {
                let size = try await store.logSize()
                var end = size
                if let time = query.end {
                    end = try await firstEvent(notBefore: time.addingTimeInterval(Self.disorder), of: size)
                }
                var start = from ?? 0
                if from == nil, let time = query.start {
                    start = try await firstEvent(notBefore: time.addingTimeInterval(-Self.disorder), of: size)
                }
                var page = EventPage(next: start, logSize: size)
                let last = min(end, start.addingReportingOverflow(Self.mostExamined).partialValue)
                // Without marks, most events match.
                let step = query.marks.isEmpty ? UInt64(max(limit, 100)) : Self.examinedAtOnce
                var octets = Self.mostOctets
                while page.next < last {
                    let slice = try await store.events(
                        in: Int64(page.next)..<Int64(min(page.next + step, last)), having: query.marks,
                        octets: Self.mostOctets)
                    for event in slice.events where query.matches(event.body) {
                        // A page has at least one event, regardless of its length.
                        guard page.events.isEmpty || event.body.count <= octets else {
                            page.next = UInt64(event.index)
                            page.isTruncated = true
                            return page
                        }
                        octets -= event.body.count
                        page.events.append((UInt64(event.index), event.body))
                        guard page.events.count < limit else {
                            page.next = UInt64(event.index) + 1
                            page.isTruncated = page.next < end
                            return page
                        }
                    }
                    page.next = UInt64(slice.next)
                }
                page.isTruncated = page.next < end
                return page
            } catch { throw .storage(error) }
        }
    }

    /// The index of the first event at or after a time, by binary search over events ordered by time.
    private func firstEvent(notBefore time: Date, of size: UInt64) async throws(StorageError) -> UInt64 {
        var query = EventQuery()
        query.start = time
        var (low, high) = (UInt64(0), size)
        while low < high {
            let middle = low + (high - low) / 2
            guard let event = try await store.events(from: Int64(middle), limit: 1).first else {
                throw .corrupt("the audit log: the event \(middle) is missing")
            }
            if query.matches(event.body) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The result of searching a part of the log.
public struct EventPage: Sendable {
    /// The exact bytes of the events, in order.
    public var events: [(index: UInt64, body: Data)] = []
    /// The first index that was not examined.
    public var next: UInt64
    /// Whether there are more events to examine.
    public var isTruncated = false
    /// The number of events in the log.
    public let logSize: UInt64
}
