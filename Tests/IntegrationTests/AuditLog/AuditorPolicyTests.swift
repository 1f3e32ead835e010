import Foundation
import TestSupport
import Testing
import WireAPI

/// The example policy for auditors, and the commands of Docs/Log.md.
struct AuditorPolicyTests {
    /// A daemon whose caller is an auditor, after an administrator issued certificates.
    private struct Fixture {
        let daemon: Daemon
        let root: String
        let certificate: String

        init() async throws {
            let daemon = try Daemon()
            let reports = daemon.directory.path("reports")
            try Command.output("mkdir", [reports])
            try daemon.extend(
                """
                log: {origin: ca.example.com/log}
                audit-reports:
                  buckets: {reports: \(reports)}
                """)
            try daemon.start()
            (root, certificate) = try await daemon.client { client in
                let root = try await client.activeRoot()
                let csr = try OpenSSLRequest.make()
                return (root, try await client.issue(csr, by: root).certificate)
            }
            try daemon.directory.write("web.pem", certificate)
            daemon.stop()
            // From now on the same user is the auditor of the example.
            try daemon.directory.write(
                "administrator.json", try Document("HSMConfig/policies/auditor.json").text)
            try daemon.start()
            self.daemon = daemon
        }

        func signet(_ arguments: [String]) throws -> Command { try daemon.signet(arguments) }
    }

    @Test func `the auditor's policy allows every command of Log md and the reports`() async throws {
        let fixture = try await Fixture()
        let directory = fixture.daemon.directory
        func run(_ arguments: [String]) throws -> String {
            let result = try fixture.signet(arguments)
            #expect(result.status == 0, "\(arguments): \(result.errors)")
            return result.output
        }
        let csv = try run(["audit", "certificates", "--since", "1d", "--csv"])
        let rows = csv.split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
        #expect(rows.count == 3 && rows[0][0] == "issuedAt", "\(csv)")
        let arn = try #require(rows.last?[5])
        #expect(rows.last?[3] == Daemon.administrator)
        let serial = try #require(arn.split(separator: "/").last.map(String.init))
        let table = try run(["audit", "certificates", "--since", "1d", "--ca", fixture.root])
        #expect(table.contains("role/administrator") && table.contains("REQUESTER"), "\(table)")
        try directory.write("log.key", try run(["audit", "checkpoint", "--key"]))
        _ = try run(["audit", "checkpoint"])
        _ = try run(["audit", "list", "--newest", "2"])
        _ = try run(["audit", "signatures", "--key", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"])
        _ = try run(["audit", "export", directory.path("export")])
        _ = try run(["audit", "verify", directory.path("export"), "--key", directory.path("log.key")])
        _ = try run(["ca", "list"])
        _ = try run(["ca", "audit-report", "--ca", fixture.root, "--bucket", "reports", "--wait"])
        // Lines have no tree that could be verified.
        _ = try run(["audit", "export", directory.path("lines"), "--lines"])
        let lines = try fixture.signet([
            "audit", "verify", directory.path("lines"), "--key", directory.path("log.key"),
        ])
        #expect(lines.status == 64 && lines.errors.contains("is a file"), "\(lines.errors)")
        // One certificate by each of its names.
        for name in [arn, serial] {
            let file = directory.path("receipt")
            _ = try run(["audit", "receipt", name, "--output", file])
            let words = try run([
                "audit", "verify-receipt", file, "--key", directory.path("log.key"), "--certificate",
                directory.path("web.pem"),
            ])
            #expect(
                words.contains("CN=service.example.com") && words.contains(Daemon.administrator), "\(words)")
            #expect(words.contains("is in the log `ca.example.com/log`"), "\(words)")
            #expect(try run(["audit", "show", name]).contains("IssueCertificateDetails"))
            #expect(try run(["certificate", "get", name]).contains("BEGIN CERTIFICATE"))
        }
        #expect(try run(["audit", "show", "0"]).contains("DaemonStarted"))
        // The receipt of one certificate proves nothing of another.
        try directory.write("other.pem", try run(["ca", "certificate", fixture.root]))
        let other = try fixture.signet([
            "audit", "verify-receipt", directory.path("receipt"), "--key", directory.path("log.key"),
            "--certificate", directory.path("other.pem"),
        ])
        #expect(other.status == 1 && other.errors.contains("is not of the certificate"), "\(other.errors)")
        let refused = try fixture.signet(["ca", "create", "--root", "--subject", "CN=x"])
        #expect(refused.status == 77, "\(refused)")
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `the newest events are the last ones, in their order`() async throws {
        let fixture = try await Fixture()
        func indexes(_ arguments: [String]) throws -> [Int] {
            let result = try fixture.signet(["audit", "list"] + arguments)
            #expect(result.status == 0, "\(result.errors)")
            return result.output.split(separator: "\n").compactMap {
                $0.split(separator: " ").first.flatMap { Int($0) }
            }
        }
        let details = try indexes(["--action", "IssueCertificateDetails"])
        #expect(
            try indexes(["--action", "IssueCertificateDetails", "--newest", "1"]) == [
                try #require(details.max())
            ])
        #expect(try indexes(["--action", "IssueCertificateDetails", "--newest", "50"]) == details.sorted())
        let newest = try indexes(["--newest", "3"])
        let every = try indexes([])
        let last = try #require(newest.last)
        #expect(newest == every.filter { $0 <= last }.suffix(3), "\(newest)")
        // A search in windows that grow from the end: one match, far from it.
        let match = #"{"eventName":"IssueCertificateDetails","eventTime":"2026-11-25T10:00:00Z"}"#
        let other = #"{"eventName":"ListTokens","eventTime":"2026-11-25T10:00:00Z"}"#
        let lines = (0..<2500).map { $0 == 3 ? match : other }.joined(separator: "\n")
        try fixture.daemon.directory.write("lines.jsonl", lines + "\n")
        let export = ["--export", fixture.daemon.directory.path("lines.jsonl")]
        #expect(try indexes(["--action", "IssueCertificateDetails", "--newest", "2"] + export) == [3])
        #expect(try indexes(["--newest", "2"] + export) == [2498, 2499])
        #expect(fixture.daemon.stop() == 0)
    }
}
