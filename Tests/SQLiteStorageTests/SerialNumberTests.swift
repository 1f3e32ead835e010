import Audit
import Foundation
import SQLiteStorage
import Storage
import StorageConformance
import TestSupport
import Testing

/// Serial numbers are moved into their index some time after their certificates were concluded.
struct SerialNumberTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path("db") }

    init() throws { directory = try TemporaryDirectory() }

    private func store(mostStaged: Int) throws -> SQLiteStore {
        try SQLiteStore(path: path, mostStaged: mostStaged)
    }

    private func query(_ sql: String) throws -> Int? {
        Int(try Command.output("sqlite3", [path, sql]).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static func serialNumber(_ count: Int) -> String {
        // In random order, and in every partition.
        let scattered = UInt64(count) &* 0x9E37_79B9_7F4A_7C15
        return String(repeating: "0", count: 16 - String(scattered, radix: 16).count)
            + String(scattered, radix: 16)
    }

    private static func issue(_ range: Range<Int>, on store: SQLiteStore) async throws {
        try await store.commit(
            range.flatMap { count in
                [
                    .reserveSerialNumber(StorageConformance.certificate(serialNumber(count), of: "a")),
                    .concludeCertificate(
                        serialNumber: serialNumber(count), .issued(Array("\(count)".utf8)),
                        outcome: StorageConformance.event(.signatureOutcome)),
                ]
            })
    }

    private static func expectTaken(_ changes: [Change], on store: SQLiteStore) async throws {
        let error = await #expect(throws: StorageError.self) { try await store.commit(changes) }
        let isTaken = if case .serialNumberTaken = error { true } else { false }
        #expect(isTaken, "\(String(describing: error))")
    }

    private static func expectAll(_ range: Range<Int>, on store: SQLiteStore) async throws {
        for count in range {
            let found = try await store.certificate(serialNumber: serialNumber(count))
            #expect(found?.status == .issued(Array("\(count)".utf8)), "\(count)")
        }
        #expect(try await store.certificate(serialNumber: serialNumber(range.upperBound)) == nil)
    }

    @Test func `every certificate is found, flushed or not, now and after a restart`() async throws {
        var issued = 0
        for start in 0..<4 {
            let store = try store(mostStaged: 64)
            if start == 0 {
                try await store.commit([.insertCertificateAuthority(StorageConformance.authority("a"))])
            }
            // The first call flushes what the previous start left.
            try await Self.expectAll(0..<issued, on: store)
            for _ in 0..<30 {
                let next = issued + 17
                try await Self.issue(issued..<next, on: store)
                issued = next
            }
            try await Self.expectAll(0..<issued, on: store)
            let filed = try #require(try query("SELECT count(*) FROM filedSerialNumber"))
            #expect((issued - 64...issued).contains(filed) && filed < issued, "\(filed) of \(issued)")
        }
        // A start reads only what was concluded since the last flush, and each partition is correct.
        let through = try #require(try query("SELECT MIN(through) FROM flushedPartition"))
        #expect(through > issued / 2 && through < issued, "\(through) of \(issued)")
        #expect(
            try query(
                """
                SELECT count(*) FROM certificate WHERE sequence <= \(through) AND NOT EXISTS (
                    SELECT 1 FROM filedSerialNumber f WHERE f.serialNumber = certificate.serialNumber)
                """) == 0)
    }

    @Test(arguments: [4, 10_000])
    func `a serial number is never used again, flushed or not`(mostStaged: Int) async throws {
        let store = try store(mostStaged: mostStaged)
        try await store.commit([.insertCertificateAuthority(StorageConformance.authority("a"))])
        for count in 0..<8 { try await Self.issue(count * 4..<count * 4 + 4, on: store) }
        for count in 0..<32 {
            let again = StorageConformance.certificate(Self.serialNumber(count), of: "a")
            try await Self.expectTaken([.reserveSerialNumber(again)], on: store)
        }
        // Not within one commit either.
        let twice = StorageConformance.certificate("ee", of: "a")
        try await Self.expectTaken(
            [
                .reserveSerialNumber(twice),
                .concludeCertificate(
                    serialNumber: "ee", .issued([1]), outcome: StorageConformance.event(.signatureOutcome)),
                .reserveSerialNumber(twice),
            ], on: store)
        // Nothing of that commit remains, in memory either.
        #expect(try await store.certificate(serialNumber: "ee") == nil)
        try await store.commit([.reserveSerialNumber(twice)])
        #expect(try await store.certificate(serialNumber: "ee")?.status == .reserved)
    }

    @Test func `a start flushes rows that other programs inserted or that predate the index`()
        async throws
    {
        let first = try store(mostStaged: 4)
        try await first.commit([.insertCertificateAuthority(StorageConformance.authority("a"))])
        try await Self.issue(0..<300, on: first)
        try Command.output(
            "sqlite3", [path, "DELETE FROM filedSerialNumber; UPDATE flushedPartition SET through = 0"])
        let second = try store(mostStaged: 4)
        try await Self.expectAll(0..<300, on: second)
        #expect(try query("SELECT count(*) FROM filedSerialNumber") == 300)
        #expect(try query("SELECT SUM(through) FROM flushedPartition") == 256 * 300)
    }

    @Test func `a database of the previous version is migrated without loss`() async throws {
        let first = try store(mostStaged: 4)
        try await first.commit([.insertCertificateAuthority(StorageConformance.authority("a"))])
        try await Self.issue(0..<300, on: first)
        try await first.commit([.reserveSerialNumber(StorageConformance.certificate("ee", of: "a"))])
        first.close()
        // The schema as migrations 5 and 6 left it.
        try Command.output(
            "sqlite3",
            [
                path,
                """
                \(EarlierSchema.undoing9And10And14)
                DROP TABLE filedSerialNumber; DROP TABLE filing; DROP INDEX certificateByAuthority;
                CREATE TABLE old (
                    sequence INTEGER PRIMARY KEY, serialNumber TEXT NOT NULL UNIQUE,
                    certificateAuthority TEXT NOT NULL REFERENCES certificateAuthority (id),
                    certificate BLOB, failure TEXT, templateARN TEXT NOT NULL, requester TEXT NOT NULL,
                    requestedAt REAL NOT NULL, notAfter REAL NOT NULL, outcomeIndex INTEGER, issuedAt REAL,
                    CHECK ((certificate IS NULL) <> (failure IS NULL))) STRICT;
                INSERT INTO old SELECT sequence, serialNumber, certificateAuthority, certificate, failure, templateARN,
                    requester, requestedAt, notAfter, outcomeIndex, issuedAt FROM certificate;
                DROP TABLE certificate; ALTER TABLE old RENAME TO certificate;
                CREATE INDEX certificateByAuthority ON certificate (certificateAuthority, issuedAt, serialNumber)
                    WHERE issuedAt IS NOT NULL;
                DELETE FROM grdb_migrations WHERE identifier >= '7'
                """,
            ])
        let second = try store(mostStaged: 4)
        try await Self.expectAll(0..<300, on: second)
        try await Self.expectTaken(
            [.reserveSerialNumber(StorageConformance.certificate(Self.serialNumber(7), of: "a"))], on: second)
        #expect(try await second.certificate(serialNumber: "ee")?.status == .reserved)
        #expect(try await second.issuedCertificates(of: "a", after: nil, limit: 1000).count == 300)
        #expect(
            try Command.output("sqlite3", [path, "PRAGMA foreign_key_check; PRAGMA integrity_check"])
                == "ok\n")
        #expect(
            try Command.output(
                "sqlite3",
                [
                    path,
                    "EXPLAIN QUERY PLAN SELECT * FROM certificate WHERE certificateAuthority = 'a' AND issuedAt IS NOT NULL ORDER BY issuedAt, serialNumber",
                ]
            ).contains("certificateByAuthority"))
    }

    @Test(arguments: ["", "-1", "-f", "+f", "-", "f", "zz", "é", "ffff"])
    func `a malformed serial number is not found`(_ text: String) async throws {
        let store = try store(mostStaged: 4)
        try await store.commit([.insertCertificateAuthority(StorageConformance.authority("a"))])
        try await Self.issue(0..<20, on: store)
        #expect(try await store.certificate(serialNumber: text) == nil)
        // If one is stored nevertheless, it is found, also after a restart.
        let odd = StorageConformance.certificate(text + "!", of: "a")
        try await store.commit([
            .reserveSerialNumber(odd),
            .concludeCertificate(
                serialNumber: odd.serialNumber, .issued([1]),
                outcome: StorageConformance.event(.signatureOutcome)),
        ])
        #expect(try await store.certificate(serialNumber: odd.serialNumber)?.status == .issued([1]))
        let again = try self.store(mostStaged: 4)
        #expect(try await again.certificate(serialNumber: odd.serialNumber)?.status == .issued([1]))
    }

    @Test func `a failed commit leaves nothing in memory, and the next one flushes its share`()
        async throws
    {
        let store = try store(mostStaged: 4)
        try await store.commit([.insertCertificateAuthority(StorageConformance.authority("a"))])
        try await Self.issue(0..<20, on: store)
        try Command.output(
            "sqlite3",
            [
                path,
                "CREATE TRIGGER broken BEFORE INSERT ON filedSerialNumber BEGIN SELECT RAISE(ABORT, 'broken'); END",
            ])
        let error = await #expect(throws: StorageError.self) { try await Self.issue(20..<60, on: store) }
        let isCorrupt = if case .corrupt = error { true } else { false }
        #expect(isCorrupt, "\(String(describing: error))")
        #expect(store.lastFault != nil)
        for count in 20..<60 {
            #expect(try await store.certificate(serialNumber: Self.serialNumber(count)) == nil)
        }
        try await Self.expectAll(0..<20, on: store)
        try Command.output("sqlite3", [path, "DROP TRIGGER broken"])
        try await Self.issue(20..<60, on: store)
        #expect(store.lastFault == nil)
        try await Self.expectAll(0..<60, on: store)
        let again = try self.store(mostStaged: 4)
        try await Self.expectAll(0..<60, on: again)
    }

    @Test func `a refused commit does not affect others in the same group`() async throws {
        let store = try store(mostStaged: 4)
        try await store.commit([.insertCertificateAuthority(StorageConformance.authority("a"))])
        try await withThrowingTaskGroup { group in
            for count in 0..<200 {
                group.addTask {
                    if count % 3 != 0 { return try await Self.issue(count..<count + 1, on: store) }
                    // The commit concludes certificates and reserves them again: all of it is refused.
                    let number = StorageConformance.certificate(Self.serialNumber(count), of: "a")
                    try await Self.expectTaken(
                        [
                            .reserveSerialNumber(number),
                            .concludeCertificate(
                                serialNumber: number.serialNumber, .issued([1]),
                                outcome: StorageConformance.event(.signatureOutcome)),
                            .reserveSerialNumber(number),
                        ], on: store)
                }
            }
            try await group.waitForAll()
        }
        for again in [store, try self.store(mostStaged: 4)] {
            for count in 0..<200 {
                let found = try await again.certificate(serialNumber: Self.serialNumber(count))
                #expect(found?.status == (count % 3 == 0 ? nil : .issued(Array("\(count)".utf8))), "\(count)")
            }
        }
    }

    @Test func `a reader never misses a certificate while others are flushed`() async throws {
        let store = try store(mostStaged: 8)
        try await store.commit([.insertCertificateAuthority(StorageConformance.authority("a"))])
        let total = 600
        try await store.commit(
            (0..<total).map {
                .reserveSerialNumber(StorageConformance.certificate(Self.serialNumber($0), of: "a"))
            })
        try await withThrowingTaskGroup { group in
            group.addTask {
                for count in 0..<total {
                    try await store.commit([
                        .concludeCertificate(
                            serialNumber: Self.serialNumber(count), .issued([1]),
                            outcome: StorageConformance.event(.signatureOutcome))
                    ])
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    while !Task.isCancelled {
                        let number = Self.serialNumber(Int.random(in: 0..<total))
                        #expect(try await store.certificate(serialNumber: number) != nil)
                        let last = try await store.certificate(serialNumber: Self.serialNumber(total - 1))
                        if last?.status != .reserved { return }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
