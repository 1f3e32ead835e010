import Foundation
import TestSupport
import Testing

/// A log whose key a ceremony made, in a daemon that uses only such keys.
struct LogKeyCeremonyTests {
    /// A daemon that requires ceremony records and has a log; its directory of records is empty.
    private static func daemon(
        on fixture: CeremonyFixture, origin: String = "ca.example.com/log"
    ) throws -> Daemon {
        let daemon = try Daemon(
            tokens: "ceremony:\n  records: records\n  officers: [alice.pub]", on: fixture.token)
        try daemon.extend("log: {origin: \(origin)}")
        try daemon.directory.write("alice.pub", try fixture.directory.text("alice.pub"))
        try FileManager.default.createDirectory(
            atPath: daemon.directory.path("records"), withIntermediateDirectories: true)
        return daemon
    }

    private static func keep(
        _ transcript: String, of fixture: CeremonyFixture, in daemon: Daemon, as name: String? = nil
    ) throws {
        try FileManager.default.copyItem(
            atPath: fixture.directory.path(transcript),
            toPath: daemon.directory.path("records/\(name ?? transcript)"))
    }

    private static func signetd(_ daemon: Daemon, _ arguments: [String] = []) throws -> Command {
        try Command.run(
            Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml")] + arguments)
    }

    /// The check and the start refuse the configuration with the same words.
    private static func expectRefusal(_ daemon: Daemon, _ words: [String]) throws {
        for arguments in [["--check"], []] {
            let result = try signetd(daemon, arguments)
            #expect(result.status == 78, "\(result)")
            for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
        }
    }

    @Test func `a log's key from a ceremony signs the checkpoints of a daemon that makes no keys`()
        async throws
    {
        let fixture = try CeremonyFixture()
        try fixture.makeKey("alice")
        let prediction = fixture.directory.path("log.prediction")
        let plan = try fixture.plan("log", ["--output", prediction])
        #expect(plan.status == 0, "\(plan.errors)")
        let made = try fixture.run("log", ["--predicted", prediction] + fixture.signsAlice())
        #expect(made.status == 0, "\(made.output)")
        #expect(made.output.contains("to be made  verifier key of the log ca.example.com/log"))
        let transcript = "example-log-2026.jsonl"
        let key = fixture.directory.path("example-log-2026.vkey")
        let verified = try fixture.verify(
            transcript, ["--ceremony", fixture.directory.path("log.yaml"), "--result", key])
        #expect(verified.status == 0, "\(verified.errors)")
        try fixture.directory.write("other.vkey", try fixture.directory.text("example-log-2026.vkey") + "\n")
        #expect(
            try fixture.verify(transcript, ["--result", fixture.directory.path("other.vkey")]).errors
                .contains("did not come out of this ceremony"))

        let daemon = try Self.daemon(on: fixture)
        try Self.keep(transcript, of: fixture, in: daemon)
        #expect(try Self.signetd(daemon, ["--check"]).status == 0)
        for _ in 0..<2 {
            try daemon.start()
            #expect(try daemon.signet(["token", "list"]).status == 0)
            let export = daemon.directory.path("export")
            try? FileManager.default.removeItem(atPath: export)
            try daemon.signet(["audit", "export", export]).require()
            // Python verifies the log with the key that the ceremony wrote.
            let independent = try LogTests.python(
                ["tree", export, try fixture.directory.text("example-log-2026.vkey")])
            #expect(independent.status == 0, "\(independent.errors)")
            try Command.run(Products.path("signet"), ["audit", "verify", export, "--key", key]).require()
            #expect(
                try daemon.signet(["audit", "checkpoint", "--key"]).output
                    == fixture.directory.text("example-log-2026.vkey"))
            daemon.stop()
        }
        let events = try daemon.events()
        let adopted = events.filter { $0["eventName"] as? String == "LogKeyAdopted" }
        let details = try #require(adopted.first?["serviceEventDetails"] as? [String: Any])
        #expect(adopted.count == 1 && details["keyIdentifier"] as? String == "6c6f6732303236")
        let digest = try Command.output("sha256sum", [fixture.directory.path(transcript)]).prefix(64)
        #expect(details["transcriptSHA256"] as? String == String(digest))
        #expect(!events.contains { $0["eventName"] as? String == "KeysWithoutRecord" })

        // Without its transcript the log would have no checkpoints.
        try FileManager.default.removeItem(atPath: daemon.directory.path("records/\(transcript)"))
        try Self.expectRefusal(daemon, ["needs a key that a ceremony made for it"])
    }

    @Test func `a log without one transcript of its key is refused by the check and at the start`() throws {
        let fixture = try CeremonyFixture()
        try fixture.makeKey("alice")
        let daemon = try Self.daemon(on: fixture, origin: "ca.example.com/other")
        try Self.expectRefusal(
            daemon,
            [
                "the log `ca.example.com/other` needs a key that a ceremony made for it, and no transcript in",
                "make the key by a ceremony of the kind log-key",
            ])
        #expect(try fixture.run("log", fixture.signsAlice()).status == 0)
        try Self.keep("example-log-2026.jsonl", of: fixture, in: daemon)
        try Self.expectRefusal(daemon, ["`example-log-2026.jsonl` is of the log `ca.example.com/log`"])
        let own = try Self.daemon(on: fixture)
        for name in ["a.jsonl", "b.jsonl"] {
            try Self.keep("example-log-2026.jsonl", of: fixture, in: own, as: name)
        }
        try Self.expectRefusal(own, ["several ceremonies made a key", "`a.jsonl`, `b.jsonl`"])
        try FileManager.default.removeItem(atPath: own.directory.path("records/b.jsonl"))
        try own.directory.write(
            "records/a.jsonl",
            try own.directory.text("records/a.jsonl").replacing("com/log\"", with: "com/dog\""))
        try Self.expectRefusal(own, ["`a.jsonl` does not hold: line"])
    }

    @Test func `a log that has a key already is not given another`() throws {
        let fixture = try CeremonyFixture()
        try fixture.makeKey("alice")
        #expect(try fixture.run("log", fixture.signsAlice()).status == 0)
        let daemon = try Daemon(on: fixture.token)
        try daemon.extend("log: {origin: ca.example.com/log}")
        try daemon.start()
        try daemon.signet(["audit", "checkpoint"]).require()
        daemon.stop()
        try daemon.directory.write("alice.pub", try fixture.directory.text("alice.pub"))
        try daemon.extend("ceremony: {records: records, officers: [alice.pub]}")
        try FileManager.default.createDirectory(
            atPath: daemon.directory.path("records"), withIntermediateDirectories: true)
        try Self.keep("example-log-2026.jsonl", of: fixture, in: daemon)
        let refused = try Self.signetd(daemon)
        #expect(
            refused.status == 78
                && refused.errors.contains("has the transcript of another, 6c6f6732303236"), "\(refused)")
        #expect(refused.errors.contains("hint: a log keeps its key"), "\(refused.errors)")
    }
}
