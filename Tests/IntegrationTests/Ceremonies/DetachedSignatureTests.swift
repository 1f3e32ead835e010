import Foundation
import TestSupport
import Testing

/// Officers who sign a transcript on another machine, with OpenSSL, `ssh-keygen` or a card.
struct DetachedSignatureTests {
    /// A root ceremony whose officers, Alice and Bob, both have public keys: `alice.pub` and `bob.pub`.
    struct Fixture {
        let ceremony: CeremonyFixture
        let transcript = "example-root-2026.jsonl"

        init() throws {
            ceremony = try CeremonyFixture()
            try ceremony.edit(
                "root", "    role: security officer\n",
                "    role: security officer\n    public-key: alice.pub\n")
            try ceremony.edit(
                "root", "    role: auditor\n", "    role: auditor\n    public-key: bob.pub\n")
            for name in ["alice", "bob"] { try ceremony.makeKey(name) }
        }

        var directory: TemporaryDirectory { ceremony.directory }
        func path(_ name: String) -> String { directory.path(name) }

        /// Neither officer's key is at the terminal.
        func run() throws {
            let made = try ceremony.run(
                "root", ["--detached", "Alice Example", "--detached", "Bob Example"])
            #expect(made.status == 0, "\(made.output)")
            #expect(
                made.output.contains("Bob Example signs  \(path("example-root-2026.officer-2.statement"))"))
        }

        /// The officer's statement.
        func statement(_ number: Int) -> String { path("example-root-2026.officer-\(number).statement") }

        func sign(_ statement: String, with key: String, to signature: String) throws {
            try ceremony.openssl([
                "pkeyutl", "-sign", "-rawin", "-inkey", path("\(key).pem"), "-in", statement, "-out",
                path(signature),
            ]).require()
        }

        func add(
            _ signature: String, of officer: String, ceremony: String = "root.yaml"
        ) throws -> Command {
            try Command.run(
                Products.path("signet-token"),
                [
                    "ceremony", "add-signature", path(transcript), "--ceremony", path(ceremony), "--officer",
                    officer, "--signature", path(signature),
                ])
        }

        func verify() throws -> Command {
            try ceremony.verify(transcript, ["--ceremony", path("root.yaml")])
        }

        /// Changes nothing.
        func expectRefusal(
            _ signature: String, of officer: String, ceremony: String = "root.yaml", _ message: String
        ) throws {
            let before = try directory.text(transcript)
            let refused = try add(signature, of: officer, ceremony: ceremony)
            #expect(refused.status == 1 && refused.errors.contains(message), "\(refused)")
            #expect(try directory.text(transcript) == before)
        }
    }

    @Test func `officers sign elsewhere in any order, and the daemon waits for all of them`() throws {
        let fixture = try Fixture()
        try fixture.run()
        let missing = try fixture.verify()
        #expect(missing.errors.contains("Alice Example did not sign the transcript"), "\(missing.errors)")
        let daemon = try Daemon(
            tokens: "ceremony:\n  records: records\n  officers: [alice.pub, bob.pub]",
            on: fixture.ceremony.token)
        for name in ["alice", "bob"] {
            try daemon.directory.write("\(name).pub", try fixture.directory.text("\(name).pub"))
        }
        func check() throws -> Command {
            try? FileManager.default.removeItem(atPath: daemon.directory.path("records"))
            try FileManager.default.createDirectory(
                atPath: daemon.directory.path("records"), withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: fixture.path(fixture.transcript), toPath: daemon.directory.path("records/root.jsonl"))
            return try Command.run(
                Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml"), "--check"])
        }
        // Bob, the second officer, signs first.
        try fixture.sign(fixture.statement(2), with: "bob", to: "bob.sig")
        let bob = try fixture.add("bob.sig", of: "Bob Example")
        #expect(bob.status == 0 && bob.output.contains("Alice Example has not signed yet"), "\(bob)")
        #expect(try check().errors.contains("is not signed by every officer"))
        try fixture.sign(fixture.statement(1), with: "alice", to: "alice.sig")
        let alice = try fixture.add("alice.sig", of: "Alice Example")
        #expect(alice.status == 0 && !alice.output.contains("has not signed yet"), "\(alice)")
        let digest = try Command.output("sha256sum", [fixture.path(fixture.transcript)]).prefix(64)
        #expect(alice.output.contains("is now \(digest)."))
        let verified = try fixture.verify()
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(
            verified.output.contains("signed by key 526f6f7432303236, Bob Example, Alice Example"),
            "\(verified.output)")
        let checked = try check()
        #expect(checked.status == 0, "\(checked.errors)")
        try daemon.start()
        try daemon.signet([
            "ca", "adopt", "--certificate", fixture.path("example-root-2026.pem"), "--key-identifier",
            "526f6f7432303236",
        ]).require()
    }

    @Test func `one officer signs at the terminal, and another elsewhere`() throws {
        let fixture = try Fixture()
        let made = try fixture.ceremony.run(
            "root", fixture.ceremony.signsAlice() + ["--detached", "Bob Example"])
        #expect(made.status == 0, "\(made.output)")
        #expect(!FileManager.default.fileExists(atPath: fixture.statement(1)))
        // A lost statement is written again, and is the same.
        let again = try Command.run(
            Products.path("signet-token"),
            [
                "ceremony", "statement", fixture.path(fixture.transcript), "--ceremony",
                fixture.path("root.yaml"), "--officer", "Bob Example", "--output", fixture.path("again"),
            ])
        #expect(again.status == 0, "\(again.errors)")
        #expect(
            try fixture.directory.text("again")
                == fixture.directory.text("example-root-2026.officer-2.statement"))
        try fixture.sign(fixture.path("again"), with: "bob", to: "bob.sig")
        #expect(try fixture.add("bob.sig", of: "Bob Example").status == 0)
        let verified = try fixture.verify()
        #expect(verified.status == 0, "\(verified.errors)")
    }

    @Test func `a signature that is double, wrong or foreign is refused, and changes nothing`() throws {
        let fixture = try Fixture()
        try fixture.run()
        let notOfKey = "the signature is not one of Alice Example's key over the statement of this transcript"
        try fixture.sign(fixture.statement(1), with: "alice", to: "alice.sig")
        try fixture.sign(fixture.statement(2), with: "bob", to: "bob.sig")
        // Of another officer, over another officer's statement, and over other octets.
        try fixture.expectRefusal("bob.sig", of: "Alice Example", notOfKey)
        try fixture.sign(fixture.statement(2), with: "alice", to: "other.sig")
        try fixture.expectRefusal("other.sig", of: "Alice Example", notOfKey)
        try fixture.directory.write(
            "short", String(try String(contentsOfFile: fixture.statement(1), encoding: .utf8).dropLast()))
        try fixture.sign(fixture.path("short"), with: "alice", to: "short.sig")
        try fixture.expectRefusal("short.sig", of: "Alice Example", notOfKey)
        try fixture.expectRefusal(
            "alice.sig", of: "Mallory", "the ceremony has no officer of the name `Mallory`")
        try fixture.directory.write("empty", "")
        try fixture.expectRefusal("empty", of: "Alice Example", "is empty, or cannot be read")
        try fixture.directory.write("long", String(repeating: "x", count: 16_385))
        try fixture.expectRefusal("long", of: "Alice Example", "has more than 16384 octets")
        // A ceremony file that was changed to name another key.
        try fixture.ceremony.makeKey("mallory")
        try fixture.directory.write(
            "changed.yaml",
            try fixture.directory.text("root.yaml").replacing("alice.pub", with: "mallory.pub"))
        try fixture.sign(fixture.statement(1), with: "mallory", to: "mallory.sig")
        try fixture.expectRefusal(
            "mallory.sig", of: "Alice Example", ceremony: "changed.yaml", "is of another ceremony file")
        let own = try fixture.directory.text("alice.pub")
        try fixture.directory.write("alice.pub", try fixture.directory.text("mallory.pub"))
        try fixture.expectRefusal("mallory.sig", of: "Alice Example", "are not those that the ceremony used")
        try fixture.directory.write("alice.pub", own)

        #expect(try fixture.add("alice.sig", of: "Alice Example").status == 0)
        try fixture.expectRefusal(
            "alice.sig", of: "Alice Example", "Alice Example signed this transcript already")
        // A transcript with a changed line takes no signature.
        let text = try fixture.directory.text(fixture.transcript)
        try fixture.directory.write(fixture.transcript, text.replacing("SoftHSM v2", with: "SoftHSM v3"))
        try fixture.expectRefusal("bob.sig", of: "Bob Example", "it does not follow the line before it")
        try fixture.directory.write(fixture.transcript, text)
        #expect(try fixture.add("bob.sig", of: "Bob Example").status == 0)
    }

    @Test func `signatures that are added at once are all kept, and the file keeps its mode`() throws {
        let fixture = try Fixture()
        try fixture.run()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o640], ofItemAtPath: fixture.path(fixture.transcript))
        for (number, name) in [(1, "alice"), (2, "bob")] {
            try fixture.sign(fixture.statement(number), with: name, to: "\(name).sig")
        }
        let program = Products.path("signet-token")
        let added = try Command.run(
            "bash",
            [
                "-c",
                """
                cd '\(fixture.path("."))'
                add() { '\(program)' ceremony add-signature \(fixture.transcript) --ceremony root.yaml --officer "$1" --signature "$2"; }
                add 'Alice Example' alice.sig & first=$!
                add 'Bob Example' bob.sig & second=$!
                wait $first && wait $second
                """,
            ])
        #expect(added.status == 0, "\(added)")
        let verified = try fixture.verify()
        #expect(verified.status == 0, "\(verified.errors)")
        let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path(fixture.transcript))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640)
        let left = try FileManager.default.contentsOfDirectory(atPath: fixture.path(".")).filter {
            $0.hasPrefix(".example")
        }
        #expect(left.isEmpty)
    }

    @Test func `a transcript in a directory of other users takes no signature`() throws {
        let fixture = try Fixture()
        try fixture.run()
        try fixture.sign(fixture.statement(1), with: "alice", to: "alice.sig")
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: fixture.path("."))
        try fixture.expectRefusal("alice.sig", of: "Alice Example", "write")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: fixture.path("."))
        #expect(try fixture.add("alice.sig", of: "Alice Example").status == 0)
    }

    @Test func `a line with a detached signature cannot be changed or added again`() throws {
        let fixture = try Fixture()
        try fixture.run()
        for (number, name) in [(1, "alice"), (2, "bob")] {
            try fixture.sign(fixture.statement(number), with: name, to: "\(name).sig")
            #expect(try fixture.add("\(name).sig", of: "\(name.capitalized) Example").status == 0)
        }
        let lines = try fixture.directory.text(fixture.transcript).split(separator: "\n").map(String.init)
        let last = try #require(lines.last)
        func verdict(_ line: String) throws -> String {
            try fixture.directory.write(
                "changed.jsonl", (lines.dropLast() + [line]).joined(separator: "\n") + "\n")
            let result = try fixture.ceremony.verify("changed.jsonl")
            #expect(result.status == 1, "\(line)")
            return result.errors
        }
        let signedLine = try #require(last.firstMatch(of: /"signedLine":"([0-9a-f]{64})"/)?.1)
        let previous = try #require(last.firstMatch(of: /"previous":"([0-9a-f]{64})"/)?.1)
        #expect(signedLine != previous)
        #expect(
            try verdict(last.replacing("\"\(signedLine)\"", with: "\"\(previous)\"")).contains(
                "line \(lines.count): it signs another line than the signature of the key"))
        #expect(
            try verdict(last.replacing(/"time":"20/, with: "\"time\":\"19")).contains(
                "it signs another line than"))
        #expect(
            try verdict(last.replacing("{\"details\":{", with: "{\"details\":{\"age\":1,")).contains(
                "it does not have the members of a signature"))
        #expect(
            try verdict(
                last.replacing("\"signer\":\"Bob Example\"", with: "\"signer\":\"Rob Example\"")
            ).contains("the signature of Rob Example does not verify"))
        #expect(
            try verdict(
                last.replacing(
                    "\"subjectPublicKeyInfo\"", with: "\"sshHash\":\"sha512\",\"subjectPublicKeyInfo\"")
            ).contains("the signature of Bob Example does not verify"))
        // Anyone can append a copy of a line; its signature would verify.
        let digest = try Command.output("sha256sum", input: Data(last.utf8)).prefix(64)
        let copy = last.replacing("\"\(previous)\"", with: "\"\(digest)\"").replacing(
            "\"index\":\(lines.count - 1)", with: "\"index\":\(lines.count)")
        #expect(
            try verdict(last + "\n" + copy).contains("line \(lines.count + 1): Bob Example signed already"))
    }

    @Test func `a run needs every officer's key or a detached signature, and not both`() throws {
        let fixture = try Fixture()
        for (options, message) in [
            (["--detached", "Alice Example"], "or a signature on another machine (--detached)"),
            (["--detached", "Mallory"], "the ceremony has no officer of this name"),
            (
                fixture.ceremony.signsAlice() + ["--detached", "Alice Example"],
                "it cannot sign both here and on another machine"
            ),
        ] {
            let refused = try fixture.ceremony.run("root", options, answers: [])
            #expect(refused.status == 1 && refused.output.contains(message), "\(refused.output)")
        }
        try fixture.directory.write("example-root-2026.officer-1.statement", "mine")
        let there = try fixture.ceremony.run(
            "root", ["--detached", "Alice Example", "--detached", "Bob Example"], answers: [])
        #expect(there.output.contains("officer-1.statement` is there already"), "\(there.output)")
        try FileManager.default.removeItem(atPath: fixture.statement(1))
        try fixture.ceremony.edit("root", "    public-key: alice.pub\n", "")
        let keyless = try fixture.ceremony.run(
            "root", ["--detached", "Alice Example", "--detached", "Bob Example"], answers: [])
        #expect(keyless.output.contains("nothing could verify a detached signature"), "\(keyless.output)")
        #expect(!FileManager.default.fileExists(atPath: fixture.path(fixture.transcript)))
    }
}
