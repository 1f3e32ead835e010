internal import Audit
public import Foundation
internal import GRDB
public import Storage

extension SQLiteStore {
    /// How long after its requestID a request can have its event, in seconds: the body comes in between.
    private static let longestArrival: TimeInterval = 600

    public func event(id: String) async throws(StorageError) -> (index: Int64, body: Data)? {
        try await read { db in
            try Self.event(db, "WHERE id = ?", [id]) ?? Self.event(db, ofRequest: id)
        }
    }

    public func events(
        from index: Int64, limit: Int
    ) async throws(StorageError) -> [(index: Int64, body: Data)] {
        try await read { db in
            // SQLite counts rows from 1, the log from 0.
            try Row.fetchAll(
                db, sql: "SELECT position, body FROM event WHERE position > ? ORDER BY position LIMIT ?",
                arguments: [index, limit]
            ).map { (index: ($0["position"] as Int64) - 1, body: $0["body"]) }
        }
    }

    public func events(
        in range: Range<Int64>, having marks: [[String]]
    ) async throws(StorageError) -> [(index: Int64, body: Data)] {
        try await read { db in
            let conditions = marks.map { texts in
                " AND (" + texts.map { _ in "instr(body, CAST(? AS BLOB)) > 0" }.joined(separator: " OR ")
                    + ")"
            }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT position, body FROM event WHERE position > ? AND position <= ?\(conditions.joined())
                    ORDER BY position
                    """,
                arguments: [range.lowerBound, range.upperBound] + StatementArguments(marks.flatMap { $0 })
            ).map { (index: ($0["position"] as Int64) - 1, body: $0["body"]) }
        }
    }

    private static func event(_ db: Database, ofRequest id: String) throws -> (index: Int64, body: Data)? {
        // Bodies are blobs; what is looked for is ASCII.
        let request = #""requestID":"\#(id)""#
        // Identifiers of requests and of events begin with a time: the event of a request lies near by in the index.
        if let time = timeOfTimeOrderedUUID(id) {
            let (first, last) = (time.addingTimeInterval(-2), time.addingTimeInterval(longestArrival))
            if let event = try event(
                db,
                """
                WHERE id BETWEEN ? AND ? AND instr(body, CAST(? AS BLOB)) > 0
                    AND instr(body, CAST('"eventType":"AwsApiCall"' AS BLOB)) > 0
                ORDER BY id LIMIT 1
                """, [firstTimeOrderedUUID(at: first), firstTimeOrderedUUID(at: last), request])
            {
                return event
            }
        }
        return try event(
            db, "WHERE instr(body, CAST(? AS BLOB)) > 0 ORDER BY position DESC LIMIT 1", [request])
    }

    private static func event(
        _ db: Database, _ condition: String, _ arguments: StatementArguments
    ) throws -> (index: Int64, body: Data)? {
        try Row.fetchOne(db, sql: "SELECT position, body FROM event \(condition)", arguments: arguments)
            .map { (index: ($0["position"] as Int64) - 1, body: $0["body"]) }
    }
}
