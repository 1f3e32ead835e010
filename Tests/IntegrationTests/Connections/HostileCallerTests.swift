import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Callers that try to stop the daemon, to fill its log, or to act as another caller. These tests need root
/// to act as several users.
@Suite(.enabled(if: geteuid() == 0, "several users need root"))
struct HostileCallerTests {
    // MARK: The log

    @Test func `every event can be exported, and events of refusals stay below 8 KiB`()
        async throws
    {
        let fixture = try HostileCallerFixture()
        let daemon = fixture.daemon
        let before = try fixture.lengths().count
        // Long names of operations, headers and members of 70 kB to 4 MB: letters, combining marks, and
        // scalars that JSON escapes.
        for unit in ["A", "\\u0301", "\"", "\\u0001", "\\U0001F600"] {
            for uid in [65009, 65001] {
                try fixture.attack(
                    uid: uid,
                    [
                        "repeat", "ACMPrivateCA.DescribeCertificateAuthority", "CertificateAuthorityArn",
                        unit, "70000", "1",
                    ])
            }
            try fixture.attack(
                uid: 65001, ["repeat", "Signet.ListTemplates", "NextToken", unit, "30000", "1"])
        }
        try fixture.attack(
            uid: 65001,
            [
                "repeat", "ACMPrivateCA.DescribeCertificateAuthority", "CertificateAuthorityArn", "\\u0301",
                "2090000", "3",
            ])
        for uid in [65009, 65001] {
            try fixture.attack(uid: uid, ["target", "ACMPrivateCA.", "A", "14000"])
            try fixture.attack(uid: uid, ["agent", "ACMPrivateCA.ListTags", "\\u0301", "7000"])
            try fixture.attack(uid: uid, ["target", "Signet.DaemonStarted", "A", "0"])
        }
        let lengths = try fixture.lengths()
        #expect(lengths.count > before + 15)
        #expect(lengths.dropFirst(before).allSatisfy { $0 < 8192 }, "\(lengths)")
        let log = try daemon.log()
        #expect(!log.contains("error"), "\(log)")

        // No event with a name that an unmapped caller chose looks like an event of the daemon itself.
        let own = try daemon.events(ofDaemon: true).filter { $0["eventType"] as? String == "AwsApiCall" }
        #expect(own.isEmpty, "\(own)")
        let unknown = try daemon.events().filter { $0["eventName"] as? String == "Unknown" }
        let names = unknown.compactMap {
            ($0["requestParameters"] as? [String: Any])?["operation"] as? String
        }
        #expect(names.contains("Signet.DaemonStarted"))
        #expect(names.allSatisfy { $0.utf8.count <= 128 })

        let path = daemon.directory.path("export")
        try daemon.signet(["audit", "export", path]).require()
        try daemon.signet(["audit", "export", "--lines", path + ".jsonl"]).require()
        let verified = try daemon.signet(["audit", "verify", path, "--key", path + "/key"])
        #expect(verified.status == 0, "\(verified.errors)")
    }

    @Test func `a request that succeeds with long members is logged with their size and digest`() async throws
    {
        let fixture = try HostileCallerFixture()
        let root = try await fixture.daemon.client { try await $0.activeRoot() }
        // The decision's context, the subject and the certificate repeat the names.
        let names = (0..<500).map { "DNS:host-\($0).some-long-department.example.test" }.joined(
            separator: ",")
        try fixture.daemon.directory.write("many.csr", try OpenSSLRequest.make(names: names))
        let issued = try fixture.daemon.signet([
            "certificate", "issue", "--ca", root, "--csr", fixture.daemon.directory.path("many.csr"),
            "--days", "5",
        ])
        let lengths = try fixture.lengths()
        #expect(lengths.allSatisfy { $0 <= 65_535 }, "\(lengths.max() ?? 0), \(issued.errors)")
        try fixture.daemon.signet(["audit", "export", fixture.daemon.directory.path("export")]).require()
    }

    @Test func `a client that disconnects in the middle of a body causes no failure of the daemon`()
        async throws
    {
        let fixture = try HostileCallerFixture()
        let line = fixture.line(uid: 65001, ["leave", "Signet.ListTemplates"])
        let (input, output) = (Pipe(), Pipe())
        let process = try ChildProcess(
            line[0], Array(line[1...]), input: .pipe(input), output: .pipe(output))
        defer { process.terminate() }
        #expect(output.nextLine().contains("left"))
        try await fixture.daemon.waitForEvent("ListTemplates")
        try input.fileHandleForWriting.close()
        let event = try fixture.daemon.events().last { $0["eventName"] as? String == "ListTemplates" }
        #expect(event?["errorCode"] as? String == "IncompleteBody", "\(String(describing: event))")
        let log = try fixture.daemon.log()
        #expect(!log.contains("request failed"), "\(log)")
    }

    @Test func `a sender that has exited is logged under its own identity`() async throws {
        let fixture = try HostileCallerFixture()
        for uid in [65001, 65009] {
            try fixture.attack(uid: uid, ["gone", "ACMPrivateCA.ListTags", "{}", "40"])
        }
        // The daemon accepts this connection after the others.
        _ = try fixture.daemon.signet(["ca", "list"])
        let refused = try fixture.daemon.events().filter {
            $0["errorCode"] as? String == "AccessDeniedException"
        }
        for event in refused {
            let peer = (event["additionalEventData"] as? [String: Any])?["peer"] as? [String: Any]
            let uid = peer?["uid"] as? Int
            #expect(uid == 65001 || uid == 65009, "\(event)")
        }
        #expect(!refused.isEmpty)
    }

    /// The ASN.1 library cannot encode such an arc. It used to end the daemon before authorization.
    @Test func `an object identifier with an arc of any length does not end the daemon`() async throws {
        let fixture = try HostileCallerFixture()
        let root = try await fixture.daemon.client { try await $0.activeRoot() }
        let csr = Data(try OpenSSLRequest.make().utf8).base64EncodedString()
        for arc in ["1.2.9223372036854775808", "9999999999999999999.5", "2.18446744073709551615"] {
            let body = """
                {"CertificateAuthorityArn":"\(root)","Csr":"\(csr)","SigningAlgorithm":"SHA256WITHECDSA",
                "TemplateArn":"arn:aws:acm-pca:::template/BlankEndEntityCertificate_APIPassthrough/V1",
                "Validity":{"Type":"DAYS","Value":1},
                "ApiPassthrough":{"Subject":{"CustomAttributes":[{"ObjectIdentifier":"\(arc)","Value":"x"}]}}}
                """
            for uid in [0, 65001] {
                let answer = try fixture.attack(uid: uid, ["call", "ACMPrivateCA.IssueCertificate", body])[0]
                #expect(answer["status"] as? Int == 400, "\(arc): \(answer)")
            }
        }
        #expect(try fixture.daemon.signet(["ca", "list"]).status == 0)
    }

    /// After CONNECT and Upgrade the decoder would buffer every octet for another protocol.
    @Test(arguments: [
        "CONNECT x:1 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
        "GET /metrics HTTP/1.1\\r\\nHost: x\\r\\nConnection: Upgrade\\r\\nUpgrade: h2c\\r\\n\\r\\n",
    ])
    func `a request for another protocol closes its connection`(_ head: String) throws {
        let fixture = try HostileCallerFixture()
        let result = try fixture.attack(uid: 65009, ["raw", head, "50"])[0]
        #expect(result["closed"] as? Bool == true, "\(result)")
    }

    // MARK: Connections

    @Test func `each phase of a connection ends at its timeout`() throws {
        let fixture = try HostileCallerFixture(limits: "idle-seconds: 2")
        for kind in ["idle", "heads", "trickle"] {
            let result = try fixture.attack(uid: 65001, ["ended", kind, "20"])
            let seconds = try #require(result.first?["seconds"] as? Double)
            #expect(seconds < 15, "\(kind): \(seconds) s")
        }
    }

    @Test func `users have a connection limit, unmapped peers a lower one, and root a reserve`() throws {
        let fixture = try HostileCallerFixture(
            limits:
                "connections: 20\n  connections-reserved: 4\n  connections-per-user: 6\n  connections-unmapped: 3"
        )
        let powerless = try fixture.attack(uid: 65001, ["count", "10"])[0]
        #expect(powerless["served"] as? Int == 6, "\(powerless)")
        #expect(
            (powerless["refused"] as? String)?.contains("the user 65001 has 6 connections") == true,
            "\(powerless)")
        let unmapped = try fixture.attack(uid: 65009, ["count", "10"])[0]
        #expect(unmapped["served"] as? Int == 3, "\(unmapped)")
        #expect(
            (unmapped["refused"] as? String)?.contains("peers without a principal") == true, "\(unmapped)")
        let root = try fixture.attack(uid: 0, ["count", "30"])[0]
        #expect(root["served"] as? Int == 20, "\(root)")
    }

    @Test(arguments: ["never-read", "trickle", "heads"])
    func `other users are served and the daemon can stop while one user holds its maximum of connections`(
        _ kind: String
    ) throws {
        let fixture = try HostileCallerFixture(limits: "connections: 64\n  idle-seconds: 60")
        let line = fixture.line(uid: 65009, ["hold", kind, "100", "30"])
        let output = Pipe()
        let process = try ChildProcess(line[0], Array(line[1...]), output: .pipe(output))
        defer { process.terminate() }
        _ = output.nextLine()
        let other = try fixture.attack(uid: 65001, ["call", "Signet.ListTemplates", "{}"])[0]
        #expect(other["status"] as? Int == 200, "\(other)")
        #expect(try fixture.daemon.signet(["ca", "list"]).status == 0)
        let resident = try Command.output("ps", ["-o", "rss=", "-p", "\(fixture.daemon.processIdentifier)"])
        #expect(
            (Int(resident.trimmingCharacters(in: .whitespacesAndNewlines)) ?? .max) < 400_000,
            "\(resident) KiB")
        // The grace period of the daemon is one minute; stalled connections end within seconds.
        let start = ContinuousClock.now
        #expect(fixture.daemon.stop() == 0)
        #expect(start.duration(to: .now) < .seconds(40))
    }

    @Test func `a request is decided by the rulebook in force when its body is complete`() async throws {
        let fixture = try HostileCallerFixture()
        let line = fixture.line(uid: 65001, ["slow", "Signet.ListTemplates", "{}"])
        let (input, output) = (Pipe(), Pipe())
        let process = try ChildProcess(
            line[0], Array(line[1...]), input: .pipe(input), output: .pipe(output))
        defer { process.terminate() }
        _ = output.nextLine()
        let file = "signetd.yaml"
        let text = try fixture.daemon.directory.text(file)
        try fixture.daemon.directory.write(
            file, text.split(separator: "\n").filter { !$0.contains("uid: 65001") }.joined(separator: "\n"))
        try fixture.daemon.signet(["policy", "reload"]).require()
        try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
        let answer = output.nextLine()
        #expect(answer.contains("not mapped to a principal"), "\(answer)")
    }

    // MARK: Checkpoints

    @Test func `simultaneous readers share a signed checkpoint`() async throws {
        let fixture = try HostileCallerFixture()
        _ = try await fixture.daemon.client { try await $0.activeRoot() }
        func checkpoints() throws -> Int {
            Int(
                try Command.output(
                    "sqlite3",
                    [fixture.daemon.directory.path("signet.sqlite"), "SELECT count(*) FROM checkpoint"]
                ).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }
        let before = try checkpoints()
        let start = ContinuousClock.now
        try await fixture.daemon.client { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        for _ in 0..<3 {
                            let answer = try await client.call(GetCheckpointOperation.self, .init())
                            #expect(answer.checkpoint != nil)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        // 48 answers, and at most one signature a second; the margin allows for other load on the machine.
        let seconds = Int(start.duration(to: .now) / .seconds(1))
        #expect(try checkpoints() - before <= seconds + 2)
        // The ID alone shows that there is no such event.
        let missing = try fixture.attack(
            uid: 65002,
            ["call", "Signet.GetAuditEvent", "{\"Id\": \"00000000-0000-7000-8000-000000000000\"}"])[0]
        #expect((missing["message"] as? String)?.contains("There is no event") == true, "\(missing)")
    }
}
