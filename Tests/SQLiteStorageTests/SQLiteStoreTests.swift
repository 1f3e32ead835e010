import Foundation
import SQLiteStorage
import Storage
import StorageConformance
import TestSupport
import Testing

struct SQLiteStoreTests {
    @Test(arguments: StorageConformance.checks)
    func `SQLite does what every store must`(_ check: StorageConformance.Check) async throws {
        let directory = try TemporaryDirectory()
        try await check.run(try SQLiteStore(path: directory.path("db")))
    }

    @Test func `what was committed is there when the file is opened again`() async throws {
        let directory = try TemporaryDirectory()
        for check in StorageConformance.checks.suffix(1) {
            try await check.run(try SQLiteStore(path: directory.path("db")))
        }
        let again = try SQLiteStore(path: directory.path("db"))
        #expect(try await again.events(from: 0, limit: 10).count == 5)
    }

    @Test(arguments: ["UPDATE event SET body = x'00'", "DELETE FROM event"])
    func `SQLite itself keeps the log from being rewritten`(_ statement: String) async throws {
        let directory = try TemporaryDirectory()
        for check in StorageConformance.checks.suffix(1) {
            try await check.run(try SQLiteStore(path: directory.path("db")))
        }
        let result = try Command.run("sqlite3", [directory.path("db"), statement])
        #expect(result.status != 0)
        #expect((result.output + result.errors).contains("the audit log only grows"))
    }

    @Test func `commits are synced and written ahead`() async throws {
        let directory = try TemporaryDirectory()
        _ = try SQLiteStore(path: directory.path("db"))
        #expect(try Command.output("sqlite3", [directory.path("db"), "PRAGMA journal_mode"]) == "wal\n")
    }

    @Test func `a directory that is not there is an error that says so`() {
        let error = #expect(throws: StorageError.self) { try SQLiteStore(path: "/nonexistent/db") }
        #expect(error?.description.contains("the database is not available") == true)
    }

    @Test func `a file that is no database is an error and is not touched`() throws {
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
