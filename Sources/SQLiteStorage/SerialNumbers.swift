internal import GRDB
internal import Storage
internal import Synchronization

/// Where certificates are by their serial numbers.
///
/// Serial numbers are random: an index that had each at once would have a page written for every certificate, and another one
/// each time. The newest are therefore kept in memory, sorted into drawers by their first digits. When there are enough, one
/// drawer after the other is filed: its numbers go to the table `filedSerialNumber` together, and many of them share a page.
/// After a start those that were not filed yet are found by `filing`, which says through which certificate all are.
///
/// Only the queue that writes changes anything here. Numbers are announced before they are committed, so that who does not
/// see a certificate here does not see it in the database either.
final class SerialNumbers: Sendable {
    private struct State {
        /// Of the numbers that are not filed: their certificates' place in the order they were concluded.
        var drawers = [[String: Int64]](repeating: [:], count: drawerCount)
        var count = 0
        /// The drawer that is filed next. A round goes through all of them.
        var next = 0
        /// The last certificate that was committed, now and when the round began.
        var last: Int64 = 0
        var lastBeforeRound: Int64 = 0
        /// Counts the times that something was filed.
        var generation: UInt64 = 0

        static func drawer(_ serialNumber: String) -> Int { Int(serialNumber.prefix(2), radix: 16) ?? 0 }

        mutating func add(_ serialNumber: String, _ sequence: Int64) {
            let earlier = drawers[Self.drawer(serialNumber)].updateValue(sequence, forKey: serialNumber)
            if earlier == nil { count += 1 }
        }
    }

    /// Drawers that go to the table in one transaction, beginning with the next.
    struct Filing {
        fileprivate let drawers: Int
    }

    private static let drawerCount = 256

    private let mostUnfiled: Int
    private let state: Mutex<State>

    /// - Parameter mostUnfiled: how many numbers are kept in memory
    init(_ database: DatabasePool, mostUnfiled: Int) throws {
        self.mostUnfiled = mostUnfiled
        let (through, last) = try database.read { db in
            (
                try Int64.fetchOne(db, sql: "SELECT through FROM filing") ?? 0,
                try Int64.fetchOne(db, sql: "SELECT MAX(sequence) FROM certificate") ?? 0
            )
        }
        var state = State()
        state.last = last
        // Rounds leave as many behind as come in the time of two. More were put there by somebody else, or by an older version.
        if last - through > 8 * Int64(mostUnfiled) {
            try database.write { try Self.fileAll(after: through, through: last, $0) }
        } else {
            try database.read { db in
                let rows = try Row.fetchCursor(
                    db, sql: "SELECT serialNumber, sequence \(Self.unfiled)", arguments: [through])
                while let row = try rows.next() { state.add(row["serialNumber"], row["sequence"]) }
            }
        }
        self.state = Mutex(state)
    }

    private static let unfiled = """
        FROM certificate WHERE sequence > ? AND NOT EXISTS (
            SELECT 1 FROM filedSerialNumber WHERE serialNumber = certificate.serialNumber)
        """

    private static func fileAll(after through: Int64, through last: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO filedSerialNumber (serialNumber, sequence)
                SELECT serialNumber, sequence \(unfiled) ORDER BY serialNumber
                """, arguments: [through])
        try db.execute(sql: "UPDATE filing SET through = ?", arguments: [last])
    }

    // MARK: Looking up

    /// Numbers that are filed while somebody looks for one leave one place for the other: who found nothing, and sees another
    /// generation than before, looks again.
    var generation: UInt64 { state.withLock { $0.generation } }

    /// The row of a concluded certificate, or nil.
    func certificate(_ serialNumber: String, in db: Database) throws -> Row? {
        // The table first: from then on the database stands still for who reads it, and what was committed by then is in one of
        // both.
        try Row.fetchOne(
            db,
            sql: """
                SELECT certificate.* FROM filedSerialNumber JOIN certificate USING (sequence)
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
        state.withLock { $0.drawers[State.drawer(serialNumber)][serialNumber] }
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
            where state.drawers[State.drawer(serialNumber)].removeValue(forKey: serialNumber) != nil {
                state.count -= 1
            }
        }
    }

    /// Writes what has to be filed into the table.
    func file(in db: Database) throws -> Filing {
        let (due, lastBeforeRound) = state.withLock { state in
            var due: [[String: Int64]] = []
            var count = state.count
            while count > mostUnfiled, due.count < Self.drawerCount {
                due.append(state.drawers[(state.next + due.count) % Self.drawerCount])
                count -= due[due.count - 1].count
            }
            // What is announced and not yet committed is not among those that the round will have filed: its place may become
            // another's.
            if state.next == 0 { state.lastBeforeRound = state.last }
            return (due, state.lastBeforeRound)
        }
        for drawer in due {
            let statement = try db.cachedStatement(
                sql: "INSERT INTO filedSerialNumber (serialNumber, sequence) VALUES (?, ?)")
            for (serialNumber, sequence) in drawer.sorted(by: { $0.key < $1.key }) {
                try statement.execute(arguments: [serialNumber, sequence])
            }
        }
        if state.withLock({ $0.next }) + due.count >= Self.drawerCount {
            try db.execute(sql: "UPDATE filing SET through = ?", arguments: [lastBeforeRound])
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
