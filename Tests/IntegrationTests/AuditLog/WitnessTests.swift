import Foundation
import TestSupport
import Testing

/// Witnesses that the daemon asks for cosignatures. One is written without any code of Signet.
struct WitnessTests {
    /// A witness that runs as a separate process.
    private final class Witness {
        let directory: TemporaryDirectory
        let port: String
        let key: String
        private let process: ChildProcess

        init() throws {
            directory = try TemporaryDirectory()
            let output = Pipe()
            process = try ChildProcess(
                Products.python,
                ["\(Products.root)/Tests/IntegrationTests/Python/witness.py", directory.path("")],
                output: .pipe(output))
            let words = output.nextLine().split(whereSeparator: \.isWhitespace)
            guard words.count == 2 else { throw CommandFailure(description: "the witness did not start") }
            (port, key) = (String(words[0]), String(words[1]))
        }

        func stop() { process.send(SIGKILL) }
    }

    private static func wait(_ what: String, until isSo: () throws -> Bool) async throws {
        for _ in 0..<150 {
            if try isSo() { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw CommandFailure(description: "in vain: \(what)")
    }

    @Test func `a witness cosigns consistent checkpoints, and its other signatures do not count`()
        async throws
    {
        let witness = try Witness()
        defer { witness.stop() }
        let daemon = try Daemon()
        try daemon.extend(
            """
            log:
              origin: ca.example.com/log
              witnesses: [{url: "http://127.0.0.1:\(witness.port)", key: "\(witness.key)"}]
            """)
        try daemon.start()
        _ = try await daemon.client { try await $0.activeRoot() }
        // The witness does not know the log yet.
        try await Self.wait("the failure on record") {
            try daemon.log().contains("it does not know this log")
        }
        let key = try daemon.signet(["audit", "checkpoint", "--key"]).output
            .trimmingCharacters(in: .newlines)
        try daemon.directory.write("log.key", key)
        try witness.directory.write("log.key", key)
        try await Self.wait("a cosigned checkpoint") {
            try daemon.signet(["audit", "checkpoint"]).output.contains("witness.example.com/w1")
        }

        func export(_ name: String) throws -> Command {
            try daemon.signet(["audit", "export", daemon.directory.path(name)]).require()
            return try daemon.signet([
                "audit", "verify", daemon.directory.path(name), "--key", daemon.directory.path("log.key"),
                "--witness", witness.key,
            ])
        }
        let verified = try export("first")
        #expect(verified.status == 0, "\(verified.errors)")

        // The daemon has forgotten the last cosigned size, and the witness tells it.
        #expect(daemon.stop() == 0)
        let left = FileManager.default.contents(atPath: daemon.directory.path("signet.sqlite-wal"))
        #expect(left?.isEmpty ?? true)
        try FileManager.default.copyItem(
            atPath: daemon.directory.path("signet.sqlite"), toPath: daemon.directory.path("older"))
        try daemon.start()
        _ = try await daemon.client { try await $0.activeRoot() }
        try await Self.wait("a cosigned checkpoint after a start") {
            try daemon.signet(["audit", "checkpoint"]).output.contains("witness.example.com/w1")
        }

        try witness.directory.write("mode", "else")
        _ = try await daemon.client { try await $0.activeRoot() }
        try await Self.wait("a cosignature of something else met") {
            try daemon.log().contains("what it sent is no cosignature of its key under this checkpoint")
        }
        let other = try export("second")
        #expect(
            other.status == 1 && other.errors.contains("has no cosignature of the witness"), "\(other.errors)"
        )
        try FileManager.default.removeItem(atPath: witness.directory.path("mode"))

        // The database is an older copy.
        daemon.stop()
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: daemon.directory.path("signet.sqlite\(suffix)"))
        }
        try FileManager.default.moveItem(
            atPath: daemon.directory.path("older"), toPath: daemon.directory.path("signet.sqlite"))
        try daemon.start()
        try await Self.wait("the rollback noticed") {
            try daemon.log().contains("which this log does not have")
        }
        let failures = try daemon.signet(["audit", "list", "--json"]).output
        #expect(failures.contains("WitnessFailed"))
    }
}
