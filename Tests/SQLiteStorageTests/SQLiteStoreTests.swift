import Audit
import Foundation
import JSON
import SQLiteStorage
import Storage
import StorageConformance
import TestSupport
import Testing
import TransparencyLog

struct SQLiteStoreTests {
    @Test(arguments: StorageConformance.checks)
    func `SQLite passes the conformance suite`(_ check: StorageConformance.Check) async throws {
        let directory = try TemporaryDirectory()
        try await check.run(try SQLiteStore(path: directory.path("db")))
    }

    @Test func `committed events are there when the file is reopened`() async throws {
        let directory = try TemporaryDirectory()
        try await StorageConformance.eventOrder.run(try SQLiteStore(path: directory.path("db")))
        let again = try SQLiteStore(path: directory.path("db"))
        #expect(try await again.events(from: 0, limit: 10).count == 5)
    }

    @Test
    func `the tree continues when the file is reopened, and when the database is from before the tree`()
        async throws
    {
        let directory = try TemporaryDirectory()
        func fill(_ store: SQLiteStore, _ count: Int) async throws {
            try await store.commit(
                (0..<count).map { _ in
                    .append(
                        .service(
                            .daemonStarted, scope: AuditScope(account: "0", region: "r"), time: Date(),
                            details: [:]))
                })
        }
        for count in [200, 56, 1, 700] { try await fill(try SQLiteStore(path: directory.path("db")), count) }
        let store = try SQLiteStore(path: directory.path("db"))
        var frontier = Frontier()
        for event in try await store.events(from: 0, limit: 1000) {
            frontier.append(TreeHash(leaf: event.body))
        }
        #expect(frontier.size == 957)
        #expect(try await store.root(size: 957) == frontier.root)
        // As an older version left it: with events, without a tree.
        try Command.output(
            "sqlite3",
            [
                directory.path("db"),
                """
                \(EarlierSchema.undoing9And10And14)
                DROP TABLE filedSerialNumber; DROP TABLE filing;
                DROP TABLE auditReport; DROP INDEX certificateByAuthority; ALTER TABLE certificate DROP COLUMN issuedAt;
                DROP TABLE tile; DROP TABLE checkpoint; DROP TABLE logKey; ALTER TABLE certificate DROP COLUMN outcomeIndex;
                DROP TABLE reservation; DELETE FROM grdb_migrations WHERE identifier >= '4'
                """,
            ])
        let migrated = try SQLiteStore(path: directory.path("db"))
        #expect(try await migrated.root(size: 957) == frontier.root)
        try Command.output(
            "sqlite3",
            [
                directory.path("db"),
                "DROP TRIGGER eventIsNeverRemoved; DELETE FROM event WHERE position = 956",
            ])
        let error = #expect(throws: StorageError.self) { try SQLiteStore(path: directory.path("db")) }
        #expect(
            error?.description.contains("an event from 768 on is missing") == true,
            "\(String(describing: error))")
    }

    @Test func `the migration dates earlier certificates by their events in the log`() async throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.path("db"))
        let (requested, logged) = (Date(timeIntervalSince1970: 5), Date(timeIntervalSince1970: 1_700_000_000))
        try await store.commit([.insertCertificateAuthority(StorageConformance.authority("a"))])
        for serialNumber in ["aa", "bb"] {
            try await store.commit([
                .reserveSerialNumber(StorageConformance.certificate(serialNumber, of: "a")),
                .concludeCertificate(
                    serialNumber: serialNumber, .issued([1]),
                    outcome: StorageConformance.event(.daemonStarted, at: logged)),
            ])
        }
        try await store.commit([.reserveSerialNumber(StorageConformance.certificate("cc", of: "a"))])
        try Command.output(
            "sqlite3",
            [
                directory.path("db"),
                """
                \(EarlierSchema.undoing9And10And14)
                DROP TABLE filedSerialNumber; DROP TABLE filing;
                DROP TABLE auditReport; DROP INDEX certificateByAuthority; ALTER TABLE certificate DROP COLUMN issuedAt;
                UPDATE certificate SET outcomeIndex = NULL WHERE serialNumber = 'bb';
                DELETE FROM grdb_migrations WHERE identifier >= '6'
                """,
            ])
        let migrated = try SQLiteStore(path: directory.path("db"))
        let issued = try await migrated.issuedCertificates(of: "a", after: nil, limit: 10)
        #expect(issued.map(\.serialNumber) == ["bb", "aa"])
        #expect(issued.map(\.issuedAt) == [requested, logged])
    }

    @Test func `the migration converts approvals from the wire form to operations`() async throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.path("db"))
        var record = StorageConformance.approval("a", serialNumber: "aa")
        record.operation = .init(name: "PutPolicy", input: Data(#"{ "Policy" : "" }"#.utf8))
        try await store.commit([.insertApproval(record, within: StorageConformance.room)])
        store.close()
        try Command.output(
            "sqlite3",
            [
                directory.path("db"),
                "\(EarlierSchema.undoing9And10And14) UPDATE approval SET target = 'ACMPrivateCA.' || target",
            ])
        let migrated = try SQLiteStore(path: directory.path("db"))
        #expect(try await migrated.approval("a") == record)
        #expect(try await migrated.approvals(nil, after: nil, limit: 1) == [ApprovalSummary(record)])
    }

    @Test(arguments: ["UPDATE event SET body = x'00'", "DELETE FROM event"])
    func `triggers in the database prevent changes to the log`(_ statement: String) async throws {
        let directory = try TemporaryDirectory()
        try await StorageConformance.eventOrder.run(try SQLiteStore(path: directory.path("db")))
        let result = try Command.run("sqlite3", [directory.path("db"), statement])
        #expect(result.status != 0)
        #expect((result.output + result.errors).contains("the audit log only grows"))
    }

    @Test func `commits are synced and use a write-ahead log`() async throws {
        let directory = try TemporaryDirectory()
        _ = try SQLiteStore(path: directory.path("db"))
        #expect(try Command.output("sqlite3", [directory.path("db"), "PRAGMA journal_mode"]) == "wal\n")
    }

    /// A commit waits briefly for others whose intent is on disk, even if one of them never returns.
    @Test(.timeLimit(.minutes(10)))
    func `each of many simultaneous commits succeeds, though some callers never return with an outcome`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.path("db"))
        let (callers, rounds) = (48, 20)
        try await withThrowingTaskGroup { group in
            for caller in 0..<callers {
                group.addTask {
                    for round in 0..<rounds {
                        let intent = StorageConformance.intent("\(caller) \(round)")
                        try await store.commit([
                            .openIntent(intent), .append(StorageConformance.event(.signatureIntent)),
                        ])
                        if caller % 8 == 0, round % 4 == 0 { continue }
                        try await Task.sleep(for: .microseconds(Int.random(in: 0...3_000)))
                        try await store.commit([
                            .closeIntent(id: intent.id), .append(StorageConformance.event(.signatureOutcome)),
                        ])
                    }
                }
            }
            try await group.waitForAll()
        }
        let lost = callers / 8 * rounds / 4
        #expect(try await store.unresolvedIntents().count == lost)
        #expect(try await store.logSize() == UInt64(2 * callers * rounds - lost))
        let integrity = try Command.output("sqlite3", [directory.path("db"), "PRAGMA integrity_check"])
        #expect(integrity == "ok\n")
    }

    @Test func `a closed store leaves everything in its file and accepts no commits`() async throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.path("db"))
        try await store.commit([.append(StorageConformance.event(.daemonStarted))])
        #expect(FileManager.default.contents(atPath: directory.path("db-wal"))?.isEmpty == false)
        _ = try await store.logSize()
        store.close()
        #expect(FileManager.default.contents(atPath: directory.path("db-wal"))?.isEmpty ?? true)
        #expect(try Command.output("sqlite3", [directory.path("db"), "SELECT count(*) FROM event"]) == "1\n")
        await #expect(throws: StorageError.self) {
            try await store.commit([.append(StorageConformance.event(.daemonStarted))])
        }
        await #expect(throws: StorageError.self) { try await store.logSize() }
        #expect(try await SQLiteStore(path: directory.path("db")).logSize() == 1)
    }

    @Test func `a missing directory is an error that names it`() {
        let error = #expect(throws: StorageError.self) { try SQLiteStore(path: "/nonexistent/db") }
        #expect(error?.description.contains("the database is not available") == true)
    }

    @Test func `a file that is not a database is an error and is not modified`() throws {
        let directory = try TemporaryDirectory()
        let text = String(repeating: "this is no database\n", count: 100)
        try directory.write("db", text)
        #expect(throws: StorageError.self) { try SQLiteStore(path: directory.path("db")) }
        #expect(try directory.text("db") == text)
    }

    @Test func `a database of a newer version is refused`() throws {
        let directory = try TemporaryDirectory()
        _ = try SQLiteStore(path: directory.path("db"))
        try Command.output(
            "sqlite3", [directory.path("db"), "INSERT INTO grdb_migrations VALUES ('99 from the future')"])
        let error = #expect(throws: StorageError.self) { try SQLiteStore(path: directory.path("db")) }
        #expect(error?.description.contains("made by a newer Signet") == true)
    }
}
