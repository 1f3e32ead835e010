import Foundation
import TestSupport
import Testing

/// A database and a token that an earlier version made, with requests that wait for approval. These tests
/// need root to act as several users.
@Suite(.enabled(if: geteuid() == 0, "several users need root"))
struct EarlierDatabaseTests {
    private static let place = "\(Products.root)/Tests/IntegrationTests/Recorded/Approvals"
    private static let files = ["signet.sqlite", "tokens"]

    private static func daemon() throws -> Daemon {
        let daemon = try Daemon(principals: ApprovalTests.principals, policies: ApprovalTests.policies)
        try daemon.extend("log: {origin: signet.example/log}")
        return daemon
    }

    private static func copy(from: (String) -> String, to: (String) -> String) throws {
        for file in files {
            try? FileManager.default.removeItem(atPath: to(file))
            try FileManager.default.copyItem(atPath: from(file), toPath: to(file))
        }
    }

    /// Records them, before the stored form of approvals or keys changes: `SIGNET_RECORD=1 Scripts/test
    /// --filter EarlierDatabaseTests`.
    private static func record() throws {
        let daemon = try daemon()
        try daemon.start()
        // The requests come from a copy of `signet` in the daemon's directory, because events contain the
        // path of the program.
        let made = try daemon.signet(
            ["ca", "create", "--root", "--subject", "CN=Root", "--activate"], uid: 0, gid: 0)
        try made.require()
        let root = made.output.trimmingCharacters(in: .newlines)
        try daemon.directory.write("a.csr", try OpenSSLRequest.make())
        func ask(_ arguments: [String]) throws {
            try daemon.signet(arguments, uid: 65001, gid: 65001).require()
        }
        let issue = [
            "certificate", "issue", "--ca", root, "--csr", daemon.directory.path("a.csr"), "--days", "3000",
            "--no-wait",
        ]
        try ask(issue + ["--template", "SubordinateCACertificate_PathLen0/V1"])
        try ask(issue + ["--template", "SubordinateCACertificate_PathLen1/V1"])
        #expect(daemon.stop() == 0)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try copy(from: daemon.directory.path, to: { "\(place)/\($0)" })
    }

    @Test func `requests from an earlier version can be approved and are carried out`() throws {
        if ProcessInfo.processInfo.environment["SIGNET_RECORD"] == "1" { try Self.record() }
        let daemon = try Self.daemon()
        try Self.copy(from: { "\(Self.place)/\($0)" }, to: daemon.directory.path)
        let database = daemon.directory.path("signet.sqlite")
        // They have been waiting longer than requests may.
        try Command.output(
            "sqlite3",
            [database, "UPDATE approval SET expiresAt = unixepoch() + 3600 WHERE status = 'PENDING'"])
        try daemon.start()
        func signet(_ uid: Int, _ arguments: [String]) throws -> String {
            let command = try daemon.signet(arguments, uid: uid, gid: uid)
            try command.require()
            return command.output
        }
        let list =
            try JSONSerialization.jsonObject(
                with: Data(signet(65011, ["approval", "list", "--json"]).utf8)) as? [String: Any]
        let approvals = try #require(list?["Approvals"] as? [[String: Any]])
        #expect(approvals.count == 2)
        let (first, second) = (approvals[0], approvals[1])
        let arn = try #require(first["CertificateArn"] as? String)
        for (uid, answer) in [(65011, "approved: 1 of 2\n"), (65012, "approved, and carried out: \(arn)\n")] {
            let output = try signet(
                uid,
                [
                    "approval", "approve", try #require(first["Id"] as? String), "--digest",
                    try #require(first["Digest"] as? String),
                ])
            #expect(output == answer)
        }
        let root = arn.components(separatedBy: "/certificate/")[0]
        try daemon.directory.write("issued.pem", signet(65001, ["certificate", "get", arn]))
        try daemon.directory.write("root.pem", signet(0, ["ca", "certificate", root]))
        let verdict = try Command.output(
            "openssl",
            [
                "verify", "-x509_strict", "-CAfile", daemon.directory.path("root.pem"),
                daemon.directory.path("issued.pem"),
            ])
        #expect(verdict.hasSuffix(": OK\n"))
        // The other request can still be rejected, and the log is complete from its beginning.
        _ = try signet(65012, ["approval", "reject", try #require(second["Id"] as? String)])
        try daemon.directory.write("log.key", signet(0, ["audit", "checkpoint", "--key"]))
        let export = daemon.directory.path("export")
        try daemon.signet(["audit", "export", export]).require()
        try daemon.signet(["audit", "verify", export, "--key", daemon.directory.path("log.key")]).require()
    }
}
