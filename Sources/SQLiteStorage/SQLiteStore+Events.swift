internal import Audit
public import Foundation
internal import GRDB
public import Storage

extension SQLiteStore {
    /// Each way to find an event is one index look-up, also for a missing event.
    public func event(id: String) async throws(StorageError) -> (index: Int64, body: Data)? {
        try await read { db in
            let ids = [id, AuditEvent.identifier(ofRequest: id), AuditEvent.identifier(inPlaceOf: id)]
            for id in ids.compactMap({ $0 }) {
                if let event = try Self.event(db, "WHERE id = ?", [id]) { return event }
            }
            // For events from before the eventID was derived from the requestID.
            return try Self.event(
                db, "WHERE position = (SELECT position FROM earlierRequest WHERE id = ?)", [id])
        }
    }

    public func events(
        from index: Int64, limit: Int
    ) async throws(StorageError) -> [(index: Int64, body: Data)] {
        try await read { db in
            // SQLite numbers rows from 1, the log from 0.
            try Row.fetchAll(
                db, sql: "SELECT position, body FROM event WHERE position > ? ORDER BY position LIMIT ?",
                arguments: [index, limit]
            ).map { (index: ($0["position"] as Int64) - 1, body: $0["body"]) }
        }
    }

    public func events(
        in range: Range<Int64>, having marks: [[String]], octets: Int
    ) async throws(StorageError) -> EventSlice {
        try await read { db in
            let conditions = marks.map { texts in
                " AND (" + texts.map { _ in "instr(body, CAST(? AS BLOB)) > 0" }.joined(separator: " OR ")
                    + ")"
            }
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT position, body FROM event WHERE position > ? AND position <= ?\(conditions.joined())
                    ORDER BY position
                    """,
                arguments: [range.lowerBound, range.upperBound] + StatementArguments(marks.flatMap { $0 }))
            var slice = EventSlice(events: [], next: range.upperBound)
            var sum = 0
            while let row = try rows.next() {
                let position: Int64 = row["position"]
                let body: Data = row["body"]
                sum += body.count
                if sum > octets, !slice.events.isEmpty {
                    slice.next = position - 1
                    break
                }
                slice.events.append((index: position - 1, body: body))
            }
            return slice
        }
    }

    private static func event(
        _ db: Database, _ condition: String, _ arguments: StatementArguments
    ) throws -> (index: Int64, body: Data)? {
        try Row.fetchOne(db, sql: "SELECT position, body FROM event \(condition)", arguments: arguments)
            .map { (index: ($0["position"] as Int64) - 1, body: $0["body"]) }
    }
}
