import Foundation
import TestSupport
import Testing

/// Logs that differ from their newest checkpoint. These tests need root because they act as several users.
@Suite(.enabled(if: geteuid() == 0, "several users need root"))
struct DifferingLogTests {
    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: String
        let reason: String
    }

    static let tamperings = [
        Tampering(
            testDescription: "a changed octet in an event",
            sql:
                "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'us-local-1', 'us-local-2') AS BLOB) WHERE position = 3",
            reason: "do not have the root of the newest checkpoint"),
        Tampering(
            testDescription: "the newest events removed", sql: "DELETE FROM event WHERE position > 3",
            reason: "the newest checkpoint holds"),
        Tampering(
            testDescription: "a changed checkpoint",
            sql: "UPDATE checkpoint SET note = replace(note, 'ca.example.com/log', 'ca.example.org/log')",
            reason: "not signed by the log's key"),
    ]

    @Test(arguments: tamperings)
    func `a log that differs from its newest checkpoint can be read, but nothing is signed`(
        _ tampering: Tampering
    ) async throws {
        let fixture = try HostileCallerFixture()
        let daemon = fixture.daemon
        let root = try await daemon.client { try await $0.activeRoot() }
        try daemon.signet(["audit", "checkpoint"]).require()
        daemon.stop()
        let triggers = "DROP TRIGGER eventIsNeverChanged; DROP TRIGGER eventIsNeverRemoved;"
        try Command.run("sqlite3", [daemon.directory.path("signet.sqlite"), triggers + tampering.sql])
            .require()
        try daemon.start()
        let health = try daemon.health()
        #expect(health.contains("the audit log differs from its newest checkpoint"))
        #expect(health.contains(tampering.reason), "\(health)")
        #expect(try daemon.signet(["ca", "list"]).output.contains("ACTIVE"))
        try daemon.directory.write("a.csr", try OpenSSLRequest.make())
        let refused = try daemon.signet([
            "certificate", "issue", "--ca", root, "--csr", daemon.directory.path("a.csr"), "--days", "5",
        ])
        #expect(
            refused.errors.contains("the audit log is not what its newest checkpoint says"),
            "\(refused.errors)")
        let made = try daemon.signet(["ca", "create", "--root", "--subject", "CN=Another"])
        #expect(made.status != 0)
        let events = try daemon.events().compactMap { $0["eventName"] as? String }
        #expect(events.contains("LogDiffers"), "\(events)")
        #expect(!events.reversed().prefix { $0 != "LogDiffers" }.contains("SignatureIntent"))
    }
}
