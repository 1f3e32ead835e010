import Foundation
import TestSupport
import Testing

/// What `signetd restore` refuses, and that it changes nothing then.
struct RestoreTests {
    private struct BadBackup: Sendable {
        let description: String
        let message: String
        /// Changes a good backup at the path.
        let make: @Sendable (_ backup: String) throws -> Void
    }

    private static func sql(_ backup: String, _ statements: String) throws {
        try Command.output("sqlite3", [backup, statements])
    }

    /// Changes rows that a trigger protects, and puts the trigger back, so that the schema is the same again.
    private static func changed(_ backup: String, despite trigger: String, _ statements: String) throws {
        let schema = try Command.output(
            "sqlite3", [backup, "SELECT sql FROM sqlite_schema WHERE name = '\(trigger)'"])
        #expect(!schema.isEmpty)
        try sql(backup, "DROP TRIGGER \(trigger); \(statements); \(schema)")
    }

    private static func remove(_ backup: String) throws {
        try FileManager.default.removeItem(atPath: backup)
    }

    private static let badBackups = [
        BadBackup(description: "a truncated file", message: "malformed") {
            try Command.output("truncate", ["--size=-20K", $0])
        },
        BadBackup(description: "a text", message: "file is not a database") {
            try "hello".write(toFile: $0, atomically: true, encoding: .utf8)
        },
        BadBackup(description: "an empty file", message: "no tables of Signet") {
            try Data().write(to: URL(fileURLWithPath: $0))
        },
        BadBackup(description: "a database of another program", message: "no tables of Signet") {
            try remove($0)
            try sql($0, "CREATE TABLE t (x)")
        },
        BadBackup(description: "a newer Signet's", message: "made by a newer Signet") {
            try sql($0, "INSERT INTO grdb_migrations VALUES ('9999')")
        },
        BadBackup(description: "a changed event", message: "do not have the root of the newest checkpoint") {
            try changed(
                $0, despite: "eventIsNeverChanged", "UPDATE event SET body = X'7B7D' WHERE position = 2")
        },
        BadBackup(description: "a missing event", message: "the audit log without event 1") {
            try changed($0, despite: "eventIsNeverRemoved", "DELETE FROM event WHERE position = 2")
        },
        BadBackup(description: "without a trigger", message: "not Signet's: `eventIsNeverChanged`") {
            try sql($0, "DROP TRIGGER eventIsNeverChanged")
        },
        BadBackup(description: "a trigger of its own", message: "not Signet's: `t`") {
            try sql(
                $0,
                "CREATE TRIGGER t AFTER INSERT ON event BEGIN UPDATE certificateAuthority SET record = X''; END"
            )
        },
        BadBackup(description: "a trigger with a name of SQLite's", message: "not Signet's: `sqlite_evil`") {
            try sql(
                $0,
                """
                PRAGMA writable_schema = ON;
                INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('trigger', 'sqlite_evil', 'event', 0,
                    'CREATE TRIGGER sqlite_evil AFTER INSERT ON event BEGIN UPDATE certificateAuthority SET policy = ''EVIL''; END')
                """)
        },
        BadBackup(description: "a tile beyond the events", message: "tiles of the log beyond its events") {
            try sql($0, "INSERT INTO tile VALUES (0, 4, X'00')")
        },
        BadBackup(description: "a next number at its end", message: "a next number of `certificateAuthority`")
        {
            try sql(
                $0, "UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'certificateAuthority'"
            )
        },
        BadBackup(description: "a next number that is text", message: "cannot be used") {
            try sql($0, "UPDATE sqlite_sequence SET seq = 'x' WHERE name = 'certificateAuthority'")
        },
        BadBackup(description: "a virtual table with a name of SQLite's", message: "cannot be used") {
            try sql(
                $0,
                """
                PRAGMA writable_schema = ON;
                INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql)
                VALUES ('table', 'sqlite_stat1', 'sqlite_stat1', 0, 'CREATE VIRTUAL TABLE sqlite_stat1 USING fts5(x)')
                """)
        },
        BadBackup(description: "an index beyond the certificates", message: "an index of serial numbers") {
            try sql($0, "UPDATE flushedPartition SET through = 9223372036854775807")
        },
        BadBackup(description: "a certificate of no authority", message: "refers to no row") {
            try sql($0, "PRAGMA foreign_keys = OFF; UPDATE certificate SET certificateAuthority = 'none'")
        },
        BadBackup(description: "a certificate without its event", message: "without the event of its outcome")
        {
            try sql($0, "UPDATE certificate SET outcomeIndex = 9223372036854775807")
        },
        BadBackup(description: "a certificate of no position", message: "without the event of its outcome") {
            try sql($0, "UPDATE certificate SET outcomeIndex = -1")
        },
        BadBackup(description: "a certificate with another event", message: "with an event of something else")
        {
            try sql($0, "UPDATE certificate SET outcomeIndex = 0")
        },
        BadBackup(description: "two certificates exchanged", message: "with an event of something else") {
            try sql(
                $0,
                """
                UPDATE certificate SET outcomeIndex =
                    (SELECT sum(outcomeIndex) FROM certificate) - outcomeIndex
                WHERE (SELECT count(*) FROM certificate) = 2
                """)
        },
        BadBackup(description: "another certificate", message: "with an event of something else") {
            try sql($0, "UPDATE certificate SET certificate = X'3000' WHERE sequence = 1")
        },
        BadBackup(description: "another serial number", message: "with an event of something else") {
            try sql($0, "UPDATE certificate SET serialNumber = '00' || substr(serialNumber, 3)")
        },
        BadBackup(description: "an issuance as a failure", message: "with an event of something else") {
            try sql($0, "UPDATE certificate SET certificate = NULL, failure = 'x', issuedAt = NULL")
        },
        BadBackup(description: "a view in place of a table", message: "not Signet's: `approval`") {
            try sql(
                $0, "ALTER TABLE approval RENAME TO other; CREATE VIEW approval AS SELECT * FROM other")
        },
        BadBackup(description: "a virtual table", message: "not Signet's: `v`") {
            try sql($0, "CREATE VIRTUAL TABLE v USING fts5(x)")
        },
        BadBackup(description: "an authority that cannot be read", message: "cannot be used") {
            try sql($0, "UPDATE certificateAuthority SET certificate = X'3000'")
        },
        BadBackup(description: "no file", message: "there is no file") { try remove($0) },
        BadBackup(description: "a directory", message: "no regular file") {
            try remove($0)
            try Command.output("mkdir", [$0])
        },
        BadBackup(description: "a pipe without a writer", message: "no regular file") {
            try remove($0)
            try Command.output("mkfifo", [$0])
        },
        BadBackup(description: "a device", message: "no regular file") {
            try remove($0)
            try Command.output("ln", ["--symbolic", "/dev/zero", $0])
        },
        BadBackup(description: "a log beside it", message: "lies beside it") {
            try Data([1]).write(to: URL(fileURLWithPath: $0 + "-wal"))
        },
        BadBackup(description: "a journal beside it", message: "lies beside it") {
            try Data([1]).write(to: URL(fileURLWithPath: $0 + "-journal"))
        },
    ]

    @Test func `a backup that cannot be trusted changes nothing`() async throws {
        let fixture = try await BackupFixture()
        _ = try await fixture.issue()
        _ = try fixture.checkpoint("kept")
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        let before = try fixture.files()
        for (number, bad) in Self.badBackups.enumerated() {
            let backup = fixture.daemon.directory.path("bad-\(number)")
            try FileManager.default.copyItem(atPath: fixture.backup, toPath: backup)
            try bad.make(backup)
            let refused = try fixture.signetd("restore", [backup])
            #expect(
                refused.status == 69 && refused.errors.contains(bad.message),
                "\(bad.description): \(refused.errors)")
            #expect(refused.errors.contains("nothing was changed"), "\(bad.description): \(refused.errors)")
            #expect(!refused.errors.contains("Error Domain"), "\(bad.description): \(refused.errors)")
            #expect(try fixture.files() == before, "\(bad.description)")
        }
    }

    @Test func `files are moved aside under a name that no earlier restore took`() async throws {
        let fixture = try await BackupFixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        // As restores in each second of the next ten minutes leave them.
        let now = Date()
        for second in 0..<600 {
            let time = now.addingTimeInterval(Double(second)).formatted(
                .iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
            try fixture.daemon.directory.write("signet.sqlite.replaced-\(time)", "")
            try fixture.daemon.directory.write("signet.sqlite.replaced-\(time)-2-wal", "")
        }
        let earlier = try fixture.files()
        let database = try #require(earlier["signet.sqlite"])
        try fixture.signetd("restore", [fixture.backup]).require()
        let later = try fixture.files()
        for (name, contents) in earlier where name.contains(".replaced-") { #expect(later[name] == contents) }
        let added = Set(later.keys).subtracting(earlier.keys)
        #expect(!added.isEmpty && added.allSatisfy { $0.contains(/Z-3(-wal|-shm)?$/) }, "\(added)")
        #expect(try added.first { $0.hasSuffix("Z-3") }.map { try #require(later[$0]) } == database)
        try fixture.daemon.start()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a full disk ends a restore before anything is changed`() async throws {
        let fixture = try await BackupFixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        let before = try fixture.files()
        try fixture.daemon.directory.write("fault", "short")
        let refused = try fixture.signetd(
            "restore", [fixture.backup],
            environment: [
                "LD_PRELOAD": Products.path("libCFaultyDisk.so"),
                "SIGNET_FAULTY_DISK": fixture.daemon.directory.path("fault"),
            ])
        #expect(refused.status == 69 && refused.errors.contains("disk is full"), "\(refused.errors)")
        #expect(try fixture.files() == before)
    }

    @Test func `several kept checkpoints are compared, each with what it proves`() async throws {
        let fixture = try await BackupFixture()
        let atBackup = try fixture.checkpoint("at-backup")
        try fixture.makeBackup()
        _ = try await fixture.issue()
        let newest = try fixture.checkpoint("newest")
        #expect(fixture.daemon.stop() == 0)
        // Without its own checkpoints the backup cannot show that an event was changed. The kept checkpoint
        // does.
        let altered = fixture.daemon.directory.path("altered")
        try FileManager.default.copyItem(atPath: fixture.backup, toPath: altered)
        try Self.changed(
            altered, despite: "eventIsNeverChanged", "UPDATE event SET body = X'7B7D' WHERE position = 2")
        try Self.sql(altered, "DELETE FROM checkpoint")
        let before = try fixture.files()
        let refused = try fixture.signetd("restore", [altered, "--since", newest, "--since", atBackup])
        #expect(
            refused.status == 69 && refused.errors.contains("are not those of the checkpoint `\(atBackup)`"),
            "\(refused.errors)")
        #expect(refused.errors.contains("proves nothing of these events"), "\(refused.errors)")
        #expect(try fixture.files() == before)
        let pipe = fixture.daemon.directory.path("pipe")
        try Command.output("mkfifo", [pipe])
        let unreadable = try fixture.signetd("restore", [fixture.backup, "--since", pipe])
        #expect(
            unreadable.status == 78 && unreadable.errors.contains("no regular file"), "\(unreadable.errors)")
        try fixture.signetd("restore", [fixture.backup, "--since", newest, "--since", atBackup]).require()
    }

    @Test func `the checkpoint of another log is refused`() async throws {
        let (fixture, other) = (try await BackupFixture(), try await BackupFixture())
        try fixture.makeBackup()
        let foreign = try other.checkpoint("kept")
        #expect(other.daemon.stop() == 0)
        #expect(fixture.daemon.stop() == 0)
        let before = try fixture.files()
        let refused = try fixture.signetd("restore", [fixture.backup, "--since", foreign])
        #expect(
            refused.status == 69 && refused.errors.contains("did not sign the checkpoint"),
            "\(refused.errors)")
        let unreadable = try fixture.signetd("restore", [fixture.backup, "--since", fixture.backup])
        #expect(unreadable.status == 78, "\(unreadable.errors)")
        #expect(!unreadable.errors.contains("Error Domain"), "\(unreadable.errors)")
        #expect(try fixture.files() == before)
    }

    @Test(.enabled(if: geteuid() == 0, "another owner of the directory needs root"))
    func `only the owner of the directory restores a database`() async throws {
        let fixture = try await BackupFixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        let before = try fixture.files()
        chown(fixture.daemon.directory.path, 4000, 4000)
        let refused = try fixture.signetd("restore", [fixture.backup])
        chown(fixture.daemon.directory.path, 0, 0)
        #expect(refused.status == 78 && refused.errors.contains("belongs to uid 4000"), "\(refused.errors)")
        #expect(try fixture.files() == before)
    }
}
