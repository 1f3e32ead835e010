import Foundation
import TestSupport
import Testing

/// Faults at start. The message says what is wrong, where, and what to do. The daemon exits with a status
/// that is not zero and has changed nothing.
struct StartupTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let arrange: @Sendable (Daemon) throws -> Void
        let message: String
        let hint: String
        let status: Int32
        /// The token is logged in by then, and SoftHSM rewrites its own files at each login.
        var isAfterLogin = false
    }

    static func edit(_ daemon: Daemon, _ text: String, _ replacement: String) throws {
        let yaml = try daemon.directory.text("signetd.yaml")
        guard yaml.contains(text) else { throw CommandFailure(description: "nothing to edit: \(text)") }
        try daemon.directory.write("signetd.yaml", yaml.replacing(text, with: replacement))
    }

    static let faults = [
        Fault(
            testDescription: "a module that is not there",
            arrange: { try edit($0, "module: \(SoftHSM.modulePath)", "module: /nonexistent.so") },
            message: "the PKCS#11 module `/nonexistent.so` cannot be loaded",
            hint: "see module, uri and pin under `tokens`",
            status: 69),
        Fault(
            testDescription: "a wrong PIN", arrange: { try $0.directory.write("pin", "0000", mode: 0o600) },
            message: "CKR_PIN_INCORRECT", hint: "Signet changed nothing on the token", status: 69),
        Fault(
            testDescription: "a PIN file that other users can read",
            arrange: { try $0.directory.write("pin", SoftHSM.pin, mode: 0o640) },
            message: "can be read by others; run `chmod 600", hint: "pin under `tokens`", status: 69),
        Fault(
            testDescription: "a worker that does not exist",
            arrange: { try edit($0, "signet-token-worker", "no-such-worker") },
            message: "no-such-worker` is not there or cannot be run", hint: "install signet-token-worker",
            status: 78),
        Fault(
            testDescription: "an unknown key", arrange: { try edit($0, "database:", "databas:") },
            message: "signetd.yaml:1: unknown key `databas`", hint: "correct these lines", status: 78),
        Fault(
            testDescription: "a malformed policy",
            arrange: { try $0.directory.write("administrator.json", #"{"Statement": {"Effect": "Yes"}}"#) },
            message: "administrator.json:1: Statement[0].Effect: must be `Allow` or `Deny`",
            hint: "correct these lines",
            status: 78),
        Fault(
            testDescription: "a missing directory of the database",
            arrange: { try edit($0, "database: signet.sqlite", "database: nowhere/signet.sqlite") },
            message: "the lock file", hint: "the directory of the database must exist", status: 78,
            isAfterLogin: true),
        Fault(
            testDescription: "a missing directory of the socket",
            arrange: { try edit($0, "path: s\n", "path: nowhere/s\n") },
            message: "the directory of the socket", hint: "or change socket.path", status: 78),
        Fault(
            testDescription: "a socket path that is a file",
            arrange: { try $0.directory.write("s", "precious") }, message: "is there and is not a socket",
            hint: "move it away", status: 78),
        Fault(
            testDescription: "a database that is not a database",
            arrange: { try $0.directory.write("signet.sqlite", String(repeating: "precious", count: 500)) },
            message: "is damaged, or was replaced", hint: "signetd restore", status: 69,
            isAfterLogin: true),
    ]

    @Test func `without its token the daemon starts degraded and serves once the token appears`() async throws
    {
        let daemon = try Daemon()
        try Self.edit(daemon, SoftHSM.uri, "pkcs11:token=late")
        try daemon.start()
        #expect(try daemon.health().contains("503"))
        #expect(try daemon.health().hasSuffix("not ready: main NOT_SERVING\n"))
        let list = try daemon.signet(["token", "list"])
        #expect(
            list.output.contains("no token matches `pkcs11:token=late`; present: `signet-test`"), "\(list)")
        let refused = try daemon.signet(["ca", "create", "--root", "--subject", "CN=R"])
        #expect(refused.status == 69)
        #expect(refused.errors.contains("InternalFailure"))
        // The token is plugged in.
        try daemon.token.addToken(label: "late")
        try await daemon.waitUntilReady()
        try await daemon.client { client in _ = try await client.activeRoot() }
        let names = try daemon.events(ofDaemon: true).compactMap { $0["eventName"] as? String }
        #expect(names.count { $0 == "TokenNotOpened" } == 1)
        #expect(names.count { $0 == "TokenOpened" } == 1)
    }

    private static func start(_ daemon: Daemon) throws -> Command {
        try Command.run(Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml")])
    }

    /// The content of every file in the daemon's directory except the lock.
    private static func contents(_ daemon: Daemon, withToken: Bool) throws -> String {
        try Command.output(
            "sh",
            [
                "-c",
                "cd '\(daemon.directory.path)' && find . -type f ! -name '*.lock' "
                    + (withToken ? "" : "! -path './tokens/*' ") + "-exec sha256sum {} + | sort -k2",
            ])
    }

    @Test(arguments: faults)
    func `a fault at start is reported, and nothing is changed`(_ fault: Fault) throws {
        let daemon = try Daemon()
        try fault.arrange(daemon)
        // The token itself counts a wrong PIN.
        let withToken = !fault.isAfterLogin && fault.testDescription != "a wrong PIN"
        let before = try Self.contents(daemon, withToken: withToken)
        let result = try Self.start(daemon)
        #expect(result.status == fault.status, "\(result.errors)")
        #expect(result.errors.contains("error: "))
        #expect(result.errors.contains(fault.message), "\(result.errors)")
        #expect(result.errors.contains("hint: ") && result.errors.contains(fault.hint), "\(result.errors)")
        #expect(!result.output.contains("ready"))
        #expect(!result.errors.contains(SoftHSM.pin))
        #expect(try Self.contents(daemon, withToken: withToken) == before)
    }

    @Test func `a second daemon leaves a socket and a database in use untouched`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let second = try Self.start(daemon)
        #expect(second.status == 75)
        #expect(second.errors.contains("is in use by another process"), "\(second.errors)")
        try Self.edit(daemon, "path: s\n", "path: other\n")
        let third = try Self.start(daemon)
        #expect(third.status == 75)
        #expect(third.errors.contains("another signetd works with the database"), "\(third.errors)")
        // The first daemon is not affected.
        try await daemon.client { client in _ = try await client.activeRoot() }
    }

    @Test func `a socket that a killed daemon left behind is replaced`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        daemon.stop(SIGKILL)
        #expect(FileManager.default.fileExists(atPath: daemon.socketPath))
        try daemon.start()
        try await daemon.client { client in _ = try await client.activeRoot() }
    }

    @Test func `a database that another program has locked is an error after a timeout`() throws {
        let daemon = try Daemon()
        try daemon.start()
        daemon.stop()
        // The other program holds the write lock until its standard input closes.
        let (input, output) = (Pipe(), Pipe())
        let holder = try ChildProcess(
            "sqlite3", [daemon.directory.path("signet.sqlite")], input: .pipe(input), output: .pipe(output))
        input.fileHandleForWriting.write(
            Data("PRAGMA locking_mode=EXCLUSIVE;\nBEGIN EXCLUSIVE;\nSELECT 'held';\n".utf8))
        #expect(output.nextLine() == "exclusive")
        #expect(output.nextLine() == "held")
        let result = try Self.start(daemon)
        #expect(result.status == 69)
        #expect(result.errors.contains("database is locked"), "\(result.errors)")
        try input.fileHandleForWriting.close()
        holder.wait()
    }

    @Test func `a socket directory that is a symbolic link is followed`() async throws {
        let daemon = try Daemon()
        try FileManager.default.createSymbolicLink(
            atPath: daemon.directory.path("link"), withDestinationPath: daemon.directory.path)
        try Self.edit(daemon, "path: s\n", "path: link/s\n")
        try daemon.start()
        try await daemon.client { client in _ = try await client.activeRoot() }
    }

    @Test func `--check reads the configuration and exits`() throws {
        let daemon = try Daemon()
        let result = try Command.run(
            Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml"), "--check"])
        #expect(result.status == 0)
        #expect(result.output.contains("configuration and policies are valid"))
        #expect(!FileManager.default.fileExists(atPath: daemon.directory.path("signet.sqlite")))
    }

    @Test func `the socket has the configured mode and only the daemon's user can access the files`() throws {
        let daemon = try Daemon()
        try Self.edit(daemon, "mode: \"0666\"", "mode: \"0610\"")
        try daemon.start()
        func mode(_ name: String) throws -> Int? {
            let attributes = try FileManager.default.attributesOfItem(atPath: daemon.directory.path(name))
            return (attributes[.posixPermissions] as? NSNumber)?.intValue
        }
        #expect(try mode("s") == 0o610)
        #expect(try mode("signet.sqlite") == 0o600)
        #expect(try mode("signet.sqlite-wal") == 0o600)
    }
}
