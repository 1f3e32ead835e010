import Foundation
import TestSupport
import Testing

/// A restore that did not end, and a database whose files do not belong together.
struct InterruptedRestoreTests {
    @Test func `a daemon does not serve a database whose exchange was interrupted`() async throws {
        let fixture = try await BackupFixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        // As a restore leaves it that was killed between two renames.
        try Command.output("mv", [fixture.database, fixture.database + ".replaced-then"])
        try Command.output("cp", [fixture.backup, fixture.database + ".restored"])
        let start = try fixture.refusedStart()
        #expect(start.status == 69 && start.errors.contains("was interrupted"), "\(start.errors)")
        #expect(!FileManager.default.fileExists(atPath: fixture.database))
        try fixture.signetd("restore", [fixture.backup]).require()
        try fixture.daemon.start()
        _ = try await fixture.issue()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a second restore that fails leaves the mark of the first`() async throws {
        let fixture = try await BackupFixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        try Command.output("mv", [fixture.database, fixture.database + ".replaced-then"])
        try Command.output("cp", [fixture.backup, fixture.database + ".restored"])
        try fixture.daemon.directory.write("bad", "hello")
        let before = try fixture.files()
        let refused = try fixture.signetd("restore", [fixture.daemon.directory.path("bad")])
        #expect(refused.status == 69, "\(refused.errors)")
        #expect(try fixture.files() == before)
        #expect(try fixture.refusedStart().errors.contains("was interrupted"))
    }

    @Test func `a step that fails is taken back with the steps before it`() async throws {
        let fixture = try await BackupFixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        // A directory has the name that the replacement needs.
        let mark = fixture.database + ".restored"
        try Command.output("mkdir", [mark])
        try Command.output("touch", [mark + "/kept"])
        let refused = try fixture.signetd("restore", [fixture.backup])
        #expect(refused.status == 69 && refused.errors.contains("was not exchanged"), "\(refused.errors)")
        #expect(FileManager.default.fileExists(atPath: mark + "/kept"))
        try Command.output("rm", ["--recursive", mark])
        try fixture.daemon.start()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test(arguments: ["-wal", "-shm", "-journal", ".replaced-then"])
    func `a database that is missing among its files is not made anew`(_ suffix: String) async throws {
        let fixture = try await BackupFixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        try Command.output("mv", [fixture.database, fixture.database + suffix])
        let start = try fixture.refusedStart()
        #expect(start.status == 69 && start.errors.contains("files of it are"), "\(start.errors)")
        #expect(!FileManager.default.fileExists(atPath: fixture.database))
        try fixture.signetd("restore", [fixture.backup]).require()
        try fixture.daemon.start()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a journal beside the database does not reach the restored one`() async throws {
        let fixture = try await BackupFixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        try Data(repeating: 0x2A, count: 4096).write(to: URL(fileURLWithPath: fixture.database + "-journal"))
        try fixture.signetd("restore", [fixture.backup]).require()
        #expect(!FileManager.default.fileExists(atPath: fixture.database + "-journal"))
        #expect(try fixture.files().keys.contains { $0.hasSuffix("-journal") })
        try fixture.daemon.start()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a restore does not remove the file it was given, nor a directory`() async throws {
        let fixture = try await BackupFixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        let working = fixture.database + ".restoring"
        try Command.output("mv", [fixture.backup, working])
        let link = fixture.daemon.directory.path("link")
        try Command.output("ln", ["--symbolic", working, link])
        for name in [working, link] {
            let refused = try fixture.signetd("restore", [name])
            #expect(refused.status == 69 && refused.errors.contains("move it first"), "\(refused.errors)")
        }
        try Command.output("mv", [working, fixture.backup])
        try Command.output("mkdir", [working])
        try Command.output("touch", [working + "/kept"])
        #expect(try fixture.signetd("restore", [fixture.backup]).status == 69)
        #expect(FileManager.default.fileExists(atPath: working + "/kept"))
    }

    @Test func `a restore goes on after one that was interrupted`() async throws {
        let fixture = try await BackupFixture()
        try fixture.makeBackup()
        #expect(fixture.daemon.stop() == 0)
        try fixture.daemon.directory.write("signet.sqlite.restoring", "half of a copy")
        try fixture.signetd("restore", [fixture.backup]).require()
        #expect(!FileManager.default.fileExists(atPath: fixture.database + ".restoring"))
        try fixture.daemon.start()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a damaged database is named, with the way to a backup`() async throws {
        let fixture = try await BackupFixture()
        #expect(fixture.daemon.stop() == 0)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: fixture.database))
        try file.write(contentsOf: Data(repeating: 0x2A, count: 4096))
        try file.close()
        let start = try fixture.refusedStart()
        #expect(start.status == 69)
        #expect(start.errors.contains("is damaged, or was replaced"), "\(start.errors)")
        #expect(start.errors.contains("signetd restore"), "\(start.errors)")
    }
}
