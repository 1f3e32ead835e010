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

    /// Looks through the log for events, a part at a time.
    public struct Request: Authorizable {
        public static let action = Action.listAuditEvents
        public let resource = "*"
        public let query: EventQuery
        /// The first index to look at; nil for the first that can have the query's time.
        public let from: UInt64?
        public let limit: Int

        public init(_ query: EventQuery, from: UInt64?, limit: Int?) {
            self.query = query
            self.from = from
            self.limit = min(limit ?? 1000, 1000)
        }
    }

    /// The most events one call looks at, and those it reads at once.
    private static let mostExamined: UInt64 = 10_000
    private static let examinedAtOnce: UInt64 = 1_000
    /// The most octets of the events on a page, and of those read at once: a client that reads slowly, or not
    /// at all, keeps them in memory.
    private static let mostOctets = 262_144

    /// Events that were logged out of order: a request's has the time it came, and is logged when it ends.
    private static let disorder: TimeInterval = 300

    /// The events that a query wants, as far as one call looks; fewer than asked for when there was more to
    /// look at than that, or when they have many octets.
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
                // Without marks, everything that is read is likely to be wanted.
                let step = query.marks.isEmpty ? UInt64(max(limit, 100)) : Self.examinedAtOnce
                var octets = Self.mostOctets
                while page.next < last {
                    let slice = try await store.events(
                        in: Int64(page.next)..<Int64(min(page.next + step, last)), having: query.marks,
                        octets: Self.mostOctets)
                    for event in slice.events where query.matches(event.body) {
                        // A page has one event at least, however long it is.
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

    /// The first event that is not before a time, in a log whose events are in the order of their times.
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

/// What was found in a part of the log.
public struct EventPage: Sendable {
    /// In their order, to the byte.
    public var events: [(index: UInt64, body: Data)] = []
    /// The first index that was not looked at.
    public var next: UInt64
    /// Whether there is more to look at.
    public var isTruncated = false
    /// How many events the log had.
    public let logSize: UInt64
}
