internal import GRDB
internal import Storage
internal import Synchronization

/// The index of certificates by their serial numbers: a write buffer in front of a table.
///
/// Serial numbers are random. An ordinary index would write a different page for every certificate. The
/// newest numbers are therefore staged in memory, in partitions by their first digits. When there are enough,
/// one partition after the other is flushed: its numbers go to the table `filedSerialNumber` together, and
/// many of them share a page. The table `flushedPartition` has the last certificate that each partition was flushed
/// with, so that a start stages the later ones.
///
/// Only the writer's queue changes the index. Numbers are staged before they are committed, so that a reader
/// that does not find a certificate here does not find it in the database either.
final class SerialNumberIndex: Sendable {
    private struct State {
        /// The staged numbers, each with its certificate's place in the order they were concluded.
        var partitions = [[String: Int64]](repeating: [:], count: partitionCount)
        var count = 0
        /// The partition that is flushed next.
        var next = 0
        /// The last certificate that was committed.
        var last: Int64 = 0
        /// Counts the flushes.
        var generation: UInt64 = 0

        mutating func add(_ serialNumber: String, _ sequence: Int64) {
            let earlier = partitions[SerialNumberIndex.partition(of: serialNumber)].updateValue(
                sequence, forKey: serialNumber)
            if earlier == nil { count += 1 }
        }
    }

    /// The partitions that one transaction flushes, beginning with `next`.
    struct Flush {
        fileprivate let partitions: Int
    }

    private static let partitionCount = 256

    /// The partition by the first two digits. Callers may pass any text.
    private static func partition(of serialNumber: String) -> Int {
        Int(UInt8(serialNumber.prefix(2), radix: 16) ?? 0)
    }

    private let mostStaged: Int
    private let state: Mutex<State>

    /// - Parameter mostStaged: how many numbers are kept in memory
    init(_ database: DatabasePool, mostStaged: Int) throws {
        self.mostStaged = mostStaged
        var state = try database.read { try Self.readStaged($0, atMost: mostStaged) }
        if state.count > mostStaged {
            // An older version, or another program, left more numbers than fit into memory.
            try database.write { try Self.flushAll(through: state.last, $0) }
            let last = state.last
            state = State()
            state.last = last
        }
        self.state = Mutex(state)
    }

    /// The numbers that are not in the table, at most `most` and one more.
    private static func readStaged(_ db: Database, atMost most: Int) throws -> State {
        var state = State()
        state.last = try Int64.fetchOne(db, sql: "SELECT MAX(sequence) FROM certificate") ?? 0
        var through = [Int64](repeating: 0, count: partitionCount)
        for row in try Row.fetchAll(db, sql: "SELECT partition, through FROM flushedPartition") {
            guard let partition = Int(exactly: row["partition"] as Int64), through.indices.contains(partition)
            else {
                throw StorageError.corrupt("the index of serial numbers")
            }
            through[partition] = row["through"]
        }
        let rows = try Row.fetchCursor(
            db, sql: "SELECT serialNumber, sequence FROM certificate WHERE sequence > ?",
            arguments: [through.min() ?? 0])
        while state.count <= most, let row = try rows.next() {
            let (serialNumber, sequence): (String, Int64) = (row["serialNumber"], row["sequence"])
            if sequence > through[partition(of: serialNumber)] { state.add(serialNumber, sequence) }
        }
        return state
    }

    private static func flushAll(through last: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO filedSerialNumber (serialNumber, sequence)
                SELECT serialNumber, sequence FROM certificate
                WHERE sequence > (SELECT MIN(through) FROM flushedPartition) AND NOT EXISTS (
                    SELECT 1 FROM filedSerialNumber WHERE serialNumber = certificate.serialNumber)
                ORDER BY serialNumber
                """)
        try db.execute(sql: "UPDATE flushedPartition SET through = ?", arguments: [last])
    }

    // MARK: Looking up

    /// A flush during a search moves numbers from memory to the table. A search without a result is repeated
    /// if the generation has changed.
    var generation: UInt64 { state.withLock { $0.generation } }

    /// The row of a concluded certificate, or nil.
    func certificate(_ serialNumber: String, in db: Database) throws -> Row? {
        // The table first: this fixes the reader's snapshot of the database, and every number committed by
        // then is in the table or staged.
        let filed = try db.cachedStatement(
            sql: """
                SELECT certificate.* FROM filedSerialNumber JOIN certificate USING (sequence, serialNumber)
                WHERE filedSerialNumber.serialNumber = ?
                """)
        if let row = try Row.fetchOne(filed, arguments: [serialNumber]) { return row }
        // A number that was staged but not committed has no row, or its row is of another certificate.
        guard let sequence = staged(serialNumber) else { return nil }
        let concluded = try db.cachedStatement(
            sql: "SELECT * FROM certificate WHERE sequence = ? AND serialNumber = ?")
        return try Row.fetchOne(concluded, arguments: [sequence, serialNumber])
    }

    /// The place in the order of conclusion of a certificate whose number is staged.
    func staged(_ serialNumber: String) -> Int64? {
        state.withLock { $0.partitions[Self.partition(of: serialNumber)][serialNumber] }
    }

    // MARK: Writing

    /// Adds numbers before they are committed.
    func stage(_ concluded: [String: Int64]) {
        state.withLock { state in
            for (serialNumber, sequence) in concluded { state.add(serialNumber, sequence) }
        }
    }

    /// Removes numbers that were staged and not committed.
    func rollBack(_ concluded: [String: Int64]) {
        state.withLock { state in
            for serialNumber in concluded.keys
            where state.partitions[Self.partition(of: serialNumber)].removeValue(forKey: serialNumber) != nil
            {
                state.count -= 1
            }
        }
    }

    /// Writes the partitions that are due into the table, in the transaction that commits these numbers.
    func flush(_ concluded: [String: Int64], in db: Database) throws -> Flush {
        let (due, first, last) = state.withLock { state in
            var due: [[String: Int64]] = []
            var count = state.count
            while count > mostStaged, due.count < Self.partitionCount {
                due.append(state.partitions[(state.next + due.count) % Self.partitionCount])
                count -= due[due.count - 1].count
            }
            return (due, state.next, max(state.last, concluded.values.max() ?? 0))
        }
        do {
            for (offset, partition) in due.enumerated() {
                let statement = try db.cachedStatement(
                    sql: "INSERT INTO filedSerialNumber (serialNumber, sequence) VALUES (?, ?)")
                for (serialNumber, sequence) in partition.sorted(by: { $0.key < $1.key }) {
                    try statement.execute(arguments: [serialNumber, sequence])
                }
                try db.cachedStatement(sql: "UPDATE flushedPartition SET through = ? WHERE partition = ?")
                    .execute(arguments: [last, (first + offset) % Self.partitionCount])
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            // Not an error of the caller whose changes are committed.
            throw StorageError.corrupt("the index of serial numbers: \(error.message ?? "")")
        }
        return Flush(partitions: due.count)
    }

    /// Publishes the numbers and the flush after their commit.
    func commit(_ concluded: [String: Int64], _ flush: Flush) {
        state.withLock { state in
            state.last = max(state.last, concluded.values.max() ?? 0)
            guard flush.partitions > 0 else { return }
            for _ in 0..<flush.partitions {
                state.count -= state.partitions[state.next].count
                state.partitions[state.next] = [:]
                state.next = (state.next + 1) % Self.partitionCount
            }
            state.generation += 1
        }
    }
}
