import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// `signetd backup` with a real daemon and its database, and the way back.
struct BackupTests {
    @Test func `a backup of a serving daemon takes the place of a database that was killed`() async throws {
        let fixture = try await BackupFixture()
        let before = try await fixture.issue()
        try fixture.makeBackup()
        let made = try fixture.signetd("backup", [fixture.backup + "-second"])
        #expect(
            made.output.contains(
                /made: .*, [0-9]{5,} octets\nevents: [0-9]+, authorities: 1, certificates: 2\n/))
        let mode = try FileManager.default.attributesOfItem(atPath: fixture.backup)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let after = try await fixture.issue()
        let kept = try fixture.checkpoint("kept")
        // Its write-ahead log is left beside the database: SQLite would replay it over any file put there.
        #expect(fixture.daemon.stop(SIGKILL) != 0)
        #expect(FileManager.default.fileExists(atPath: fixture.database + "-wal"))
        let restored = try fixture.signetd("restore", [fixture.backup, "--since", kept])
        #expect(restored.output.contains("authorities: 1, certificates: 2"), "\(restored.output)")
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
        let fixture = try await BackupFixture()
        try fixture.makeBackup()
        let made = try Data(contentsOf: URL(fileURLWithPath: fixture.backup))
        let again = try fixture.signetd("backup", [fixture.backup])
        #expect(again.status == 78 && again.errors.contains("there is a file"), "\(again.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.backup)) == made)
        let running = try fixture.signetd("restore", [fixture.backup])
        #expect(running.status == 75, "\(running.errors)")
        _ = try await fixture.issue()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a backup is made only where no other file is and no other user writes`() async throws {
        let fixture = try await BackupFixture()
        let directory = fixture.daemon.directory
        try Command.output("mkdir", ["--mode=0777", directory.path("shared")])
        try Command.output("mkdir", ["--mode=1777", directory.path("sticky")])
        try Command.output("ln", ["--symbolic", directory.path("elsewhere"), directory.path("dangling")])
        try directory.write("left.partial", "half of a copy")
        try directory.write("beside-wal", "a log")
        let cases = [
            ("shared/backup", "can write"), ("sticky/backup", "can write"), ("dangling", "is a link"),
            ("left", "one was interrupted"), ("beside", "take it for a part of the backup"),
            ("no/such/directory", "does not exist"), ("signet.sqlite-wal", "there is a file"),
            ("signet.sqlite-journal", "names that the database uses"),
            ("signet.sqlite.restoring", "names that the database uses"),
            ("signet.sqlite.replaced-now", "names that the database uses"),
            ("signet.sqlite.restored", "names that the database uses"),
        ]
        let before = try fixture.files().keys
        for (name, message) in cases {
            let refused = try fixture.signetd("backup", [directory.path(name)])
            #expect(
                refused.status == 78 && refused.errors.contains(message), "\(name): \(refused.errors)")
        }
        #expect(try fixture.files().keys == before)
        #expect(!FileManager.default.fileExists(atPath: directory.path("elsewhere")))
        try fixture.signetd("backup", [directory.path("signet.sqlite.monday")]).require()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a terminal shows the progress on a line of its own`() async throws {
        let fixture = try await BackupFixture()
        let shown = try Terminal.run(
            [], Products.path("signetd"),
            ["backup", fixture.backup, "--config", fixture.daemon.directory.path("signetd.yaml")])
        #expect(shown.status == 0)
        let lines = shown.output.split(whereSeparator: \.isNewline)
        #expect(lines.contains { $0.hasSuffix(" pages") }, "\(shown.output)")
        #expect(lines.contains { $0.hasSuffix(" events") }, "\(shown.output)")
        #expect(fixture.daemon.stop() == 0)
    }
}
