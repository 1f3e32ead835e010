import Foundation
import TestSupport
import Testing

/// `signetd --check`: what an operator learns before the daemon is started.
struct CheckTests {
    private static func check(_ daemon: Daemon, _ arguments: [String] = []) throws -> Command {
        try Command.run(
            Products.path("signetd"),
            ["--config", daemon.directory.path("signetd.yaml"), "--check"] + arguments)
    }

    private static func edit(_ daemon: Daemon, _ old: String, _ new: String) throws {
        let text = try daemon.directory.text("signetd.yaml")
        #expect(text.contains(old))
        try daemon.directory.write("signetd.yaml", text.replacing(old, with: new))
    }

    @Test func `a daemon that can start is said to, and nothing is made`() throws {
        let daemon = try Daemon()
        let before = try FileManager.default.contentsOfDirectory(atPath: daemon.directory.path).sorted()
        let result = try Self.check(daemon)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("configuration and policies are valid, and the user"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: daemon.directory.path).sorted() == before)
    }

    @Test func `everything that the daemon would refuse is listed at once`() throws {
        let daemon = try Daemon()
        try Self.edit(daemon, "database: signet.sqlite", "database: nowhere/signet.sqlite")
        try Self.edit(daemon, "path: s\n", "path: missing/s\n")
        try Self.edit(daemon, daemon.token.pinFile, "/nonexistent/pin")
        try Self.edit(daemon, Products.path("signet-token-worker"), "/nonexistent/worker")
        let result = try Self.check(daemon)
        #expect(result.status == 78)
        for fault in [
            "nowhere` of the database is not there", "missing/s` is not there", "PIN file `/nonexistent/pin`",
            "worker `/nonexistent/worker`",
        ] {
            #expect(result.errors.contains(fault), "\(fault): \(result.errors)")
        }
    }

    @Test func `a database that is not whole is found`() throws {
        let daemon = try Daemon()
        try daemon.directory.write("signet.sqlite-wal", "a log without its database")
        let result = try Self.check(daemon)
        #expect(result.status == 78 && result.errors.contains("files of it are"), "\(result.errors)")
    }

    /// A configuration of root for a daemon of another user, as an installation has it.
    private static func installed() throws -> Daemon {
        let daemon = try Daemon()
        let directory = daemon.directory
        try Command.output("mkdir", [directory.path("state"), directory.path("reports")])
        try edit(daemon, "database: signet.sqlite", "database: state/signet.sqlite")
        try edit(daemon, "path: s\n", "path: state/s\n")
        try daemon.extend(
            """
            audit-reports:
              buckets: {reports: \(directory.path("reports"))}
            """)
        try Command.output("chown", ["4000:4000", directory.path("state"), directory.path("reports")])
        return daemon
    }

    @Test(.enabled(if: geteuid() == 0, "only root checks as another user"))
    func `root checks as the daemon's user`() throws {
        let daemon = try Self.installed()
        let directory = daemon.directory
        // The PIN belongs to root with the mode 0600: the daemon could not read it.
        let hidden = try Self.check(daemon)
        #expect(hidden.status == 78 && hidden.errors.contains("PIN file"), "\(hidden.errors)")
        #expect(hidden.errors.contains("as the user `4000`"), "\(hidden.errors)")
        try Command.output("chown", ["4000", daemon.token.pinFile])
        for arguments in [[], ["--user", "4000"]] {
            let result = try Self.check(daemon, arguments)
            #expect(result.status == 0 && result.output.contains("`4000`"), "\(arguments): \(result.errors)")
        }
        // For another user the directories are not its own.
        let other = try Self.check(daemon, ["--user", "nobody"])
        #expect(other.status == 78 && other.errors.contains("belongs to uid 4000"), "\(other.errors)")
        try Self.edit(daemon, "mode: \"0666\"", "mode: \"0660\"\n  group: root")
        let group = try Self.check(daemon)
        #expect(group.status == 78 && group.errors.contains("not a member of that group"), "\(group.errors)")
        // A policy that root alone can read.
        try Command.output("chmod", ["600", directory.path("administrator.json")])
        let unreadable = try Self.check(daemon)
        #expect(
            unreadable.status == 78 && unreadable.errors.contains("administrator.json"),
            "\(unreadable.errors)")
        let nobody = try Self.check(daemon, ["--user", "no-such-user"])
        #expect(nobody.status == 64 && nobody.errors.contains("there is no user"), "\(nobody.errors)")
    }

    @Test(.enabled(if: geteuid() == 0, "only root gives a directory to a group of others"))
    func `a report directory for a group needs the daemon's user in it`() throws {
        let daemon = try Self.installed()
        try Command.output("chown", ["4000", daemon.token.pinFile])
        let reports = daemon.directory.path("reports")
        try Command.output("chgrp", ["4001", reports])
        try Command.output("chmod", ["2750", reports])
        let result = try Self.check(daemon)
        #expect(result.status == 78 && result.errors.contains("group gid 4001"), "\(result.errors)")
        #expect(result.errors.contains("usermod"), "\(result.errors)")
        try Command.output("chgrp", ["4000", reports])
        try Command.output("chmod", ["2750", reports])
        let own = try Command.run(
            "setpriv",
            [
                "--reuid=4000", "--regid=4000", "--clear-groups", Products.path("signetd"), "--config",
                daemon.directory.path("signetd.yaml"), "--check",
            ])
        #expect(own.status == 0, "\(own.errors)")
    }

    @Test(.enabled(if: geteuid() == 0, "directories of another user need root"))
    func `tools that only reason do not ask who owns the report directories`() throws {
        let daemon = try Self.installed()
        let result = try Command.run(
            Products.path("signet"),
            ["policy", "matrix", "--config", daemon.directory.path("signetd.yaml")])
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `--user needs --check`() throws {
        let daemon = try Daemon()
        let result = try Command.run(
            Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml"), "--user", "root"])
        #expect(result.status == 64 && result.errors.contains("--user needs --check"), "\(result.errors)")
    }
}
