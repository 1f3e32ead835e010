import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// `signetd backup` and `signetd restore`, with a real daemon, its database and what is wrong with a backup.
struct BackupTests {
    /// A daemon with a log, an authority, and a backup of its database.
    private struct Fixture {
        let daemon: Daemon
        let root: String
        var database: String { daemon.directory.path("signet.sqlite") }
        var backup: String { daemon.directory.path("backup") }

        init() async throws {
            daemon = try Daemon()
            try daemon.extend("log: {origin: ca.example.com/log}")
            try daemon.start()
            root = try await daemon.client { try await $0.activeRoot() }
        }

        func signetd(_ command: String, _ arguments: [String]) throws -> Command {
            try Command.run(
                Products.path("signetd"),
                [command] + arguments + ["--config", daemon.directory.path("signetd.yaml")])
        }

        func makeBackup() throws { try signetd("backup", [backup]).require() }

        func checkpoint(_ name: String) throws -> String {
            let shown = try daemon.signet(["audit", "checkpoint"])
            try shown.require()
            try daemon.directory.write(name, shown.output)
            return daemon.directory.path(name)
        }

        func issue() async throws -> String {
            let csr = try OpenSSLRequest.make()
            return try await daemon.client { client in
                try await client.call(
                    IssueCertificateOperation.self,
                    .init(
                        certificateAuthorityArn: root, csr: Blob(csr.utf8),
                        signingAlgorithm: "SHA256WITHECDSA", templateArn: nil,
                        validity: .init(value: 30, type: "DAYS"))
                ).certificateArn
            }
        }

        /// The names and contents of what lies in the directory of the database.
        func files() throws -> [String: Data] {
            var files: [String: Data] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: daemon.directory.path)
            where name.hasPrefix("signet.sqlite") {
                files[name] = try Data(contentsOf: daemon.directory.url(name))
            }
            return files
        }
    }

    @Test func `a backup of a serving daemon takes the place of a database that was killed`() async throws {
        let fixture = try await Fixture()
        let before = try await fixture.issue()
        try fixture.makeBackup()
        let mode = try FileManager.default.attributesOfItem(atPath: fixture.backup)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let after = try await fixture.issue()
        let kept = try fixture.checkpoint("kept")
        // Its write-ahead log is left beside the database: SQLite would replay it over any file put there.
        #expect(fixture.daemon.stop(SIGKILL) != 0)
        #expect(FileManager.default.fileExists(atPath: fixture.database + "-wal"))
        let restored = try fixture.signetd("restore", [fixture.backup, "--since", kept])
        #expect(restored.status == 0, "\(restored.errors)")
        #expect(restored.errors.contains("are missing, with what they recorded"), "\(restored.errors)")
        #expect(!FileManager.default.fileExists(atPath: fixture.database + "-wal"))
        let aside = try fixture.files().keys.filter { $0.contains(".replaced-") }
        #expect(aside.count == 3, "\(aside)")
        try fixture.daemon.start()
        try await fixture.daemon.client { client in
            func get(_ certificate: String) async throws {
                _ = try await client.call(
                    GetCertificateOperation.self,
                    .init(certificateAuthorityArn: fixture.root, certificateArn: certificate))
            }
            try await get(before)
            await #expect(throws: APIClientError.self) { try await get(after) }
        }
        _ = try await fixture.issue()
        let export = fixture.daemon.directory.path("export")
        try fixture.daemon.signet(["audit", "export", export]).require()
        try Command.run(
            Products.path("signet"), ["audit", "verify", export, "--key", "\(export)/key"]
        ).require()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a backup is not written over a file, and a running daemon is not restored`() async throws {
        let fixture = try await Fixture()
        try fixture.makeBackup()
        let made = try Data(contentsOf: URL(fileURLWithPath: fixture.backup))
        let again = try fixture.signetd("backup", [fixture.backup])
        #expect(again.status == 69 && again.errors.contains("there is a file"), "\(again.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.backup)) == made)
        let nowhere = try fixture.signetd("backup", [fixture.daemon.directory.path("no/such/directory")])
        #expect(nowhere.status == 69 && nowhere.errors.contains("cannot be made"), "\(nowhere.errors)")
        let running = try fixture.signetd("restore", [fixture.backup])
        #expect(running.status == 75, "\(running.errors)")
        _ = try await fixture.issue()
        #expect(fixture.daemon.stop() == 0)
    }

    struct BadBackup: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Makes it, given the path of a good one.
        let make: @Sendable (_ backup: String) throws -> Void
        let message: String
    }

    private static func sql(_ backup: String, _ statements: String) throws {
        try Command.output("sqlite3", [backup, statements])
    }

    static let badBackups = [
        BadBackup(
            testDescription: "a truncated file",
            make: { try Command.output("truncate", ["--size=-20K", $0]) }, message: "malformed"),
        BadBackup(
            testDescription: "a text",
            make: { try "hello".write(toFile: $0, atomically: true, encoding: .utf8) },
            message: "file is not a database"),
        BadBackup(
            testDescription: "a database of another program",
            make: {
                try FileManager.default.removeItem(atPath: $0)
                try sql($0, "CREATE TABLE t (x)")
            }, message: "no tables of Signet"),
        BadBackup(
            testDescription: "a changed event",
            make: {
                try sql(
                    $0,
                    "DROP TRIGGER eventIsNeverChanged; UPDATE event SET body = X'7B7D' WHERE position = 2")
            }, message: "do not have the root of the newest checkpoint"),
        BadBackup(
            testDescription: "a missing event",
            make: {
                try sql($0, "DROP TRIGGER eventIsNeverRemoved; DELETE FROM event WHERE position = 2")
            }, message: "the audit log without event 1"),
        BadBackup(
            testDescription: "no file", make: { try FileManager.default.removeItem(atPath: $0) },
            message: "there is no file"),
    ]

    @Test(arguments: badBackups)
    func `a backup that cannot be trusted changes nothing`(_ bad: BadBackup) async throws {
        let fixture = try await Fixture()
        _ = try fixture.checkpoint("kept")
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        try bad.make(fixture.backup)
        let before = try fixture.files()
        let refused = try fixture.signetd("restore", [fixture.backup])
        #expect(refused.status == 69 && refused.errors.contains(bad.message), "\(refused.errors)")
        #expect(refused.errors.contains("nothing was changed"))
        #expect(try fixture.files() == before)
    }

    @Test func `the checkpoint of another log is refused`() async throws {
        let (fixture, other) = (try await Fixture(), try await Fixture())
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
        #expect(try fixture.files() == before)
    }

    @Test(.enabled(if: geteuid() == 0, "another owner of the directory needs root"))
    func `only the owner of the directory restores a database`() async throws {
        let fixture = try await Fixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        let before = try fixture.files()
        chown(fixture.daemon.directory.path, 4000, 4000)
        let refused = try fixture.signetd("restore", [fixture.backup])
        chown(fixture.daemon.directory.path, 0, 0)
        #expect(refused.status == 78 && refused.errors.contains("belongs to uid 4000"), "\(refused.errors)")
        #expect(try fixture.files() == before)
    }

    @Test func `a daemon does not serve a database whose exchange was interrupted`() async throws {
        let fixture = try await Fixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        // As a restore leaves it that was killed between two renames.
        try Command.output("mv", [fixture.database, fixture.database + ".replaced-then"])
        try Command.output("cp", [fixture.backup, fixture.database + ".restored"])
        let start = try Command.run(
            Products.path("signetd"), ["--config", fixture.daemon.directory.path("signetd.yaml")])
        #expect(start.status == 69 && start.errors.contains("was interrupted"), "\(start.errors)")
        #expect(!FileManager.default.fileExists(atPath: fixture.database))
        try fixture.signetd("restore", [fixture.backup]).require()
        try fixture.daemon.start()
        _ = try await fixture.issue()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a restore goes on after one that was interrupted`() async throws {
        let fixture = try await Fixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        try fixture.daemon.directory.write("signet.sqlite.restoring", "half of a copy")
        try fixture.signetd("restore", [fixture.backup]).require()
        #expect(!FileManager.default.fileExists(atPath: fixture.database + ".restoring"))
        try fixture.daemon.start()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a damaged database is named, with the way to a backup`() async throws {
        let fixture = try await Fixture()
        #expect(fixture.daemon.stop() == 0)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: fixture.database))
        try file.write(contentsOf: Data(repeating: 0x2A, count: 4096))
        try file.close()
        let start = try Command.run(
            Products.path("signetd"), ["--config", fixture.daemon.directory.path("signetd.yaml")])
        #expect(start.status == 69)
        #expect(start.errors.contains("is damaged, or was replaced"), "\(start.errors)")
        #expect(start.errors.contains("signetd restore"), "\(start.errors)")
    }
}
