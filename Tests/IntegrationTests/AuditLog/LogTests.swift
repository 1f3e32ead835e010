import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// The exported log, its proofs, and its verification after tampering.
struct LogTests {
    static func python(_ arguments: [String]) throws -> Command {
        try Command.run(
            Products.python, ["\(Products.root)/Tests/IntegrationTests/Python/log.py"] + arguments)
    }

    /// A daemon whose log has an origin and more events than one tile contains.
    struct Fixture {
        let daemon: Daemon
        let certificate: String

        init() async throws {
            daemon = try Daemon()
            try daemon.extend("log: {origin: ca.example.com/log}")
            try daemon.start()
            let root = try await daemon.client { try await $0.activeRoot() }
            try daemon.directory.write("a.csr", try OpenSSLRequest.make())
            let issued = try daemon.signet([
                "certificate", "issue", "--ca", root, "--csr", daemon.directory.path("a.csr"), "--days", "5",
                "--no-wait",
            ])
            try issued.require()
            certificate = issued.output.trimmingCharacters(in: .whitespacesAndNewlines)
            try await daemon.client { client in
                for _ in 0..<320 { _ = try await client.call(ListTokensOperation.self, .init()) }
            }
        }

        var key: String {
            get throws {
                try daemon.signet(["audit", "checkpoint", "--key"]).output.trimmingCharacters(in: .newlines)
            }
        }

        func export(_ name: String = "export") throws -> String {
            let path = daemon.directory.path(name)
            try daemon.signet(["audit", "export", path]).require()
            return path
        }

        func verify(_ path: String, _ more: [String] = []) throws -> Command {
            try Command.run(
                Products.path("signet"),
                ["audit", "verify", path, "--key", daemon.directory.path("log.key"), "--json"] + more)
        }

        func keepKey() throws { try daemon.directory.write("log.key", try key) }
    }

    @Test func `an export is readable by independent log readers and verifies without the daemon`()
        async throws
    {
        let fixture = try await Fixture()
        try fixture.keepKey()
        let checkpoint = try fixture.daemon.signet(["audit", "checkpoint"])
        try fixture.daemon.directory.write("old", checkpoint.output)
        let path = try fixture.export()
        let independent = try Self.python(["tree", path, try fixture.key])
        #expect(independent.status == 0, "\(independent.errors)")
        #expect((Int(independent.output.trimmingCharacters(in: .newlines)) ?? 0) > 300)
        fixture.daemon.stop()
        let verified = try fixture.verify(path, ["--since", fixture.daemon.directory.path("old")])
        #expect(
            verified.status == 0 && verified.output.contains(#""status":"OK""#),
            "\(verified.output)\(verified.errors)")
        let plain = try Command.run(
            Products.path("signet"),
            ["audit", "verify", path, "--key", fixture.daemon.directory.path("log.key")])
        #expect(
            plain.output.contains("events of ca.example.com/log are as they were logged"), "\(plain.output)")

        try fixture.daemon.start()
        let lines = fixture.daemon.directory.path("log.jsonl")
        try fixture.daemon.signet(["audit", "export", lines, "--lines"]).require()
        let text = try fixture.daemon.directory.text("log.jsonl").split(separator: "\n")
        for line in text { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        #expect(text.count > 330)
    }

    @Test func `a receipt proves an issuance offline`() async throws {
        let fixture = try await Fixture()
        try fixture.keepKey()
        let file = fixture.daemon.directory.path("receipt")
        let fetched = try fixture.daemon.signet(["audit", "receipt", fixture.certificate, "--output", file])
        try fetched.require()
        let event = try fixture.daemon.directory.text("receipt.event")
        #expect(event.contains("IssueCertificateDetails") && event.contains(fixture.certificate))
        fixture.daemon.stop()
        let verified = try Self.python(["proof", file, try fixture.daemon.directory.text("log.key")])
        #expect(verified.status == 0, "\(verified.errors)")
        func verify() throws -> Command {
            try Command.run(
                Products.path("signet"),
                ["audit", "verify-receipt", file, "--key", fixture.daemon.directory.path("log.key")])
        }
        #expect(try verify().status == 0)
        let proof = try fixture.daemon.directory.text("receipt.proof")
        let mistakes: [(String, String, String)] = [
            (
                event.replacingOccurrences(of: "ISSUED", with: "FAILED"), proof,
                "does not lead from this event"
            ),
            (event, proof.replacingOccurrences(of: "index ", with: "index 1"), "index"),
            (
                event, proof.replacingOccurrences(of: "ca.example.com/log\n", with: "other/log\n"),
                "not signed by"
            ),
            (event, "c2sp.org/tlog-proof@v1\n", "no empty line"),
        ]
        for (event, proof, reason) in mistakes {
            try fixture.daemon.directory.write("receipt.event", event)
            try fixture.daemon.directory.write("receipt.proof", proof)
            let result = try verify()
            #expect(result.status == 1)
            if reason == "index" {
                #expect(
                    result.errors.contains("is not in the checkpoint")
                        || result.errors.contains("does not lead from this event"), "\(result.errors)")
            } else {
                #expect(result.errors.contains(reason), "\(result.errors)")
            }
        }
    }

    /// A change to an export, and the index of the first event that verification reports.
    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (URL) throws -> Void
        let index: Int?
        let reason: String
    }

    private static func edit(_ root: URL, _ path: String, _ body: (inout Data) -> Void) throws {
        let file = root.appendingPathComponent(path)
        var data = try Data(contentsOf: file)
        body(&data)
        try data.write(to: file)
    }

    /// The entries of the first bundle.
    private static func entries(_ data: Data) -> [Data] {
        var entries: [Data] = []
        var rest = Data(data)
        while rest.count >= 2 {
            let length = Int(rest[0]) << 8 | Int(rest[1])
            entries.append(Data(rest[2..<(2 + length)]))
            rest = Data(rest.dropFirst(2 + length))
        }
        return entries
    }

    private static func bundle(_ entries: [Data]) -> Data {
        entries.reduce(into: Data()) { $0 += Data([UInt8($1.count >> 8), UInt8($1.count & 255)]) + $1 }
    }

    private static func reorder(_ body: @escaping @Sendable (inout [Data]) -> Void)
        -> @Sendable (URL) throws -> Void
    {
        { root in
            try edit(root, "tile/entries/000") { data in
                var list = entries(data)
                body(&list)
                data = bundle(list)
            }
        }
    }

    static let tamperings: [Tampering] = [
        Tampering(
            testDescription: "a changed event",
            change: reorder { list in list[7] = Data(list[7].reversed()) }, index: 7,
            reason: "event 7 is not what `tile/0/000` says it was"),
        Tampering(
            testDescription: "a removed event", change: reorder { $0.remove(at: 9) }, index: 9,
            reason: "event 9"),
        Tampering(
            testDescription: "an added event", change: reorder { $0.insert(Data("{}".utf8), at: 11) },
            index: 11,
            reason: "event 11"),
        Tampering(
            testDescription: "two swapped events", change: reorder { $0.swapAt(20, 30) },
            index: 20,
            reason: "event 20"),
        Tampering(
            testDescription: "an event with its hash",
            change: { root in
                try edit(root, "tile/0/000") { $0[33] ^= 1 }
            }, index: 1, reason: "event 1"),
        Tampering(
            testDescription: "a flipped bit in a higher tile",
            change: { root in try edit(root, "tile/1/000.p/1") { $0[0] ^= 1 } }, index: nil,
            reason: "node 0 of `tile/1/000.p/1` is not that of the events below it"),
        Tampering(
            testDescription: "a truncated log",
            change: { root in
                try FileManager.default.removeItem(at: root.appendingPathComponent("tile/entries/001.p"))
            }, index: 256, reason: "is missing, from event 256 on"),
        Tampering(
            testDescription: "a truncated bundle",
            change: { root in try edit(root, "tile/entries/000") { $0.removeLast() } },
            index: 255, reason: "255 whole events"),
        Tampering(
            testDescription: "another size in the checkpoint",
            change: { root in
                try edit(root, "checkpoint") { data in
                    let lines = String(decoding: data, as: UTF8.self).split(
                        separator: "\n", omittingEmptySubsequences: false)
                    data = Data(([lines[0], "300"] + lines.dropFirst(2)).joined(separator: "\n").utf8)
                }
            }, index: nil, reason: "is not signed by ca.example.com/log"),
        Tampering(
            testDescription: "no checkpoint",
            change: { root in
                try FileManager.default.removeItem(at: root.appendingPathComponent("checkpoint"))
            },
            index: nil, reason: "has no checkpoint"),
    ]

    @Test func `verification names the first tampered entry and repairs nothing`() async throws {
        let fixture = try await Fixture()
        try fixture.keepKey()
        let path = try fixture.export()
        for tampering in Self.tamperings {
            let copy = fixture.daemon.directory.path("copy")
            try? FileManager.default.removeItem(atPath: copy)
            try Command.output("cp", ["-r", path, copy])
            try tampering.change(URL(fileURLWithPath: copy))
            let before = try Command.output(
                "sh", ["-c", "cd '\(copy)' && find . -type f | sort | xargs sha256sum"])
            let result = try fixture.verify(copy)
            #expect(result.status == 1, "\(tampering)")
            #expect(result.errors.contains(tampering.reason), "\(tampering): \(result.errors)")
            let finding = try #require(
                JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(tampering)"
            )
            #expect(finding["firstBadIndex"] as? Int == tampering.index, "\(tampering): \(result.output)")
            let after = try Command.output(
                "sh", ["-c", "cd '\(copy)' && find . -type f | sort | xargs sha256sum"])
            #expect(before == after)
        }
        // A checkpoint of another log, and a witness that did not cosign.
        let other = try await Fixture()
        try fixture.daemon.directory.write("other", try other.daemon.signet(["audit", "checkpoint"]).output)
        let foreign = try fixture.verify(path, ["--since", fixture.daemon.directory.path("other")])
        #expect(
            foreign.status == 1 && foreign.errors.contains("not signed by ca.example.com/log"),
            "\(foreign.errors)")
        let witness = "witness.example+c74f20a3+BJpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        let lonely = try fixture.verify(path, ["--witness", witness])
        #expect(lonely.status == 64, "\(lonely.output)")
    }

    @Test func `a rolled-back database and a changed one fail verification against the log`() async throws {
        let fixture = try await Fixture()
        try fixture.keepKey()
        fixture.daemon.stop()
        let (database, backup) = (
            fixture.daemon.directory.path("signet.sqlite"), fixture.daemon.directory.path("backup")
        )
        // Includes the pages that are still in the write-ahead log.
        try Command.output("sqlite3", [database, "VACUUM INTO '\(backup)'"])
        try fixture.daemon.start()
        try await fixture.daemon.client { client in
            for _ in 0..<10 { _ = try await client.call(ListTokensOperation.self, .init()) }
        }
        let kept = try fixture.daemon.signet(["audit", "checkpoint"])
        try fixture.daemon.directory.write("kept", kept.output)
        fixture.daemon.stop()
        try Command.output(
            "sh", ["-c", "rm -f '\(database)-wal' '\(database)-shm' && cp '\(backup)' '\(database)'"])
        try fixture.daemon.start()
        let short = try fixture.verify(
            try fixture.export("short"), ["--since", fixture.daemon.directory.path("kept")])
        #expect(short.status == 1 && short.errors.contains("the log was rolled back"), "\(short.errors)")
        // The rolled-back log grew again, with other events.
        try await fixture.daemon.client { client in
            for _ in 0..<40 { _ = try await client.call(ListTokensOperation.self, .init()) }
        }
        let forked = try fixture.verify(
            try fixture.export("forked"), ["--since", fixture.daemon.directory.path("kept")])
        #expect(
            forked.status == 1 && forked.errors.contains("the log was rewritten or forked"),
            "\(forked.errors)")

        fixture.daemon.stop()
        try Command.output(
            "sqlite3",
            [
                database,
                "DROP TRIGGER eventIsNeverChanged; UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'ISSUED', 'FAILED') AS BLOB) WHERE position < 200",
            ])
        try fixture.daemon.start()
        let changed = try fixture.daemon.signet(["audit", "export", fixture.daemon.directory.path("changed")])
        #expect(
            changed.status == 1 && changed.errors.contains("the log was changed"),
            "\(changed.output)\(changed.errors)")
    }

    @Test func `events are listed, filtered and shown`() async throws {
        let fixture = try await Fixture()
        func list(_ arguments: [String]) throws -> [String] {
            let result = try fixture.daemon.signet(["audit", "list"] + arguments)
            try result.require()
            return result.output.split(separator: "\n").map(String.init)
        }
        #expect(try list(["--action", "IssueCertificate"]).count == 2)
        let serial = String(fixture.certificate.suffix(32))
        let about = try list(["--serial", serial])
        #expect(
            about.contains { $0.contains("IssueCertificateDetails") }
                && about.contains { $0.contains("SignatureIntent") })
        #expect(try list(["--outcome", "denied"]).isEmpty)
        #expect(try list(["--principal", "role/administrator", "--limit", "3"]).count == 3)
        #expect(try list(["--since", "2100-01-01T00:00:00Z"]).isEmpty)
        let json = try list(["--action", "IssueCertificate", "--json"])
        let event = try JSONSerialization.jsonObject(with: Data(json[1].utf8)) as? [String: Any]
        let id = try #require(event?["eventID"] as? String)
        let shown = try fixture.daemon.signet(["audit", "show", id])
        #expect(shown.output.contains(#""eventName" : "IssueCertificate""#), "\(shown.errors)")
    }
}
