internal import GRDB
internal import Storage
internal import Synchronization

/// Where certificates are by their serial numbers.
///
/// Serial numbers are random: an index that had each at once would have a page written for every certificate, and another one
/// each time. The newest are therefore kept in memory, sorted into drawers by their first digits. When there are enough, one
/// drawer after the other is filed: its numbers go to the table `filedSerialNumber` together, and many of them share a page.
/// The table `filing` says through which certificate each drawer was filed, so that a start finds the others.
///
/// Only the queue that writes changes anything here. Numbers are announced before they are committed, so that who does not
/// see a certificate here does not see it in the database either.
final class SerialNumbers: Sendable {
    private struct State {
        /// Of the numbers that are not filed: their certificates' place in the order they were concluded.
        var drawers = [[String: Int64]](repeating: [:], count: drawerCount)
        var count = 0
        /// The drawer that is filed next.
        var next = 0
        /// The last certificate that was committed.
        var last: Int64 = 0
        /// Counts the times that something was filed.
        var generation: UInt64 = 0

        mutating func add(_ serialNumber: String, _ sequence: Int64) {
            let earlier = drawers[SerialNumbers.drawer(of: serialNumber)].updateValue(
                sequence, forKey: serialNumber)
            if earlier == nil { count += 1 }
        }
    }

    /// Drawers that go to the table in one transaction, beginning with the next.
    struct Filing {
        fileprivate let drawers: Int
    }

    private static let drawerCount = 256

    /// By the first two digits; what callers ask for can be any text.
    private static func drawer(of serialNumber: String) -> Int {
        Int(UInt8(serialNumber.prefix(2), radix: 16) ?? 0)
    }

    private let mostUnfiled: Int
    private let state: Mutex<State>

    /// - Parameter mostUnfiled: how many numbers are kept in memory
    init(_ database: DatabasePool, mostUnfiled: Int) throws {
        self.mostUnfiled = mostUnfiled
        var state = try database.read { try Self.unfiled($0, atMost: mostUnfiled) }
        if state.count > mostUnfiled {
            // An older version or another program left them.
            try database.write { try Self.fileAll(through: state.last, $0) }
            let last = state.last
            state = State()
            state.last = last
        }
        self.state = Mutex(state)
    }

    /// What is not filed, and no more than one number too many.
    private static func unfiled(_ db: Database, atMost most: Int) throws -> State {
        var state = State()
        state.last = try Int64.fetchOne(db, sql: "SELECT MAX(sequence) FROM certificate") ?? 0
        var through = [Int64](repeating: 0, count: drawerCount)
        for row in try Row.fetchAll(db, sql: "SELECT drawer, through FROM filing") {
            guard let drawer = Int(exactly: row["drawer"] as Int64), through.indices.contains(drawer) else {
                throw StorageError.corrupt("what is filed of the serial numbers")
            }
            through[drawer] = row["through"]
        }
        let rows = try Row.fetchCursor(
            db, sql: "SELECT serialNumber, sequence FROM certificate WHERE sequence > ?",
            arguments: [through.min() ?? 0])
        while state.count <= most, let row = try rows.next() {
            let (serialNumber, sequence): (String, Int64) = (row["serialNumber"], row["sequence"])
            if sequence > through[drawer(of: serialNumber)] { state.add(serialNumber, sequence) }
        }
        return state
    }

    private static func fileAll(through last: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO filedSerialNumber (serialNumber, sequence)
                SELECT serialNumber, sequence FROM certificate
                WHERE sequence > (SELECT MIN(through) FROM filing) AND NOT EXISTS (
                    SELECT 1 FROM filedSerialNumber WHERE serialNumber = certificate.serialNumber)
                ORDER BY serialNumber
                """)
        try db.execute(sql: "UPDATE filing SET through = ?", arguments: [last])
    }

    // MARK: Looking up

    /// Numbers that are filed during a search move from one place to another. A search that found nothing and sees another
    /// generation than before is repeated.
    var generation: UInt64 { state.withLock { $0.generation } }

    /// The row of a concluded certificate, or nil.
    func certificate(_ serialNumber: String, in db: Database) throws -> Row? {
        // The table first: from then on the database stands still for who reads it, and what was committed by then is in one of
        // both.
        try Row.fetchOne(
            db,
            sql: """
                SELECT certificate.* FROM filedSerialNumber JOIN certificate USING (sequence, serialNumber)
                WHERE filedSerialNumber.serialNumber = ?
                """, arguments: [serialNumber])
            ?? unfiled(serialNumber).flatMap { sequence in
                // What was announced and never committed is not there, or something else is.
                try Row.fetchOne(
                    db, sql: "SELECT * FROM certificate WHERE sequence = ? AND serialNumber = ?",
                    arguments: [sequence, serialNumber])
            }
    }

    /// Of a certificate that is not filed: its place in the order they were concluded.
    func unfiled(_ serialNumber: String) -> Int64? {
        state.withLock { $0.drawers[Self.drawer(of: serialNumber)][serialNumber] }
    }

    // MARK: Writing

    /// Before they are committed.
    func announce(_ concluded: [String: Int64]) {
        state.withLock { state in
            for (serialNumber, sequence) in concluded { state.add(serialNumber, sequence) }
        }
    }

    /// They were not committed.
    func withdraw(_ concluded: [String: Int64]) {
        state.withLock { state in
            for serialNumber in concluded.keys
            where state.drawers[Self.drawer(of: serialNumber)].removeValue(forKey: serialNumber) != nil {
                state.count -= 1
            }
        }
    }

    /// Writes what has to be filed into the table, with what was announced for the same transaction.
    func file(_ concluded: [String: Int64], in db: Database) throws -> Filing {
        let (due, first, last) = state.withLock { state in
            var due: [[String: Int64]] = []
            var count = state.count
            while count > mostUnfiled, due.count < Self.drawerCount {
                due.append(state.drawers[(state.next + due.count) % Self.drawerCount])
                count -= due[due.count - 1].count
            }
            return (due, state.next, max(state.last, concluded.values.max() ?? 0))
        }
        do {
            for (offset, drawer) in due.enumerated() {
                let statement = try db.cachedStatement(
                    sql: "INSERT INTO filedSerialNumber (serialNumber, sequence) VALUES (?, ?)")
                for (serialNumber, sequence) in drawer.sorted(by: { $0.key < $1.key }) {
                    try statement.execute(arguments: [serialNumber, sequence])
                }
                try db.cachedStatement(sql: "UPDATE filing SET through = ? WHERE drawer = ?")
                    .execute(arguments: [last, (first + offset) % Self.drawerCount])
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            // No rule that the committing caller could have broken.
            throw StorageError.corrupt("the index of serial numbers: \(error.message ?? "")")
        }
        return Filing(drawers: due.count)
    }

    /// They were committed, and so was the filing.
    func settle(_ concluded: [String: Int64], _ filing: Filing) {
        state.withLock { state in
            state.last = max(state.last, concluded.values.max() ?? 0)
            guard filing.drawers > 0 else { return }
            for _ in 0..<filing.drawers {
                state.count -= state.drawers[state.next].count
                state.drawers[state.next] = [:]
                state.next = (state.next + 1) % Self.drawerCount
            }
            state.generation += 1
        }
    }
}
