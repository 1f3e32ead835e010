import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// A disk on which writes to the audit log fail. Nothing is signed or changed, health reports it, and reads
/// work. Once the disk recovers, the daemon recovers without intervention.
@Suite(.serialized)
struct DiskFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        /// The name of the fault in CFaultyDisk's control file.
        let testDescription: String
        /// What health reports, in SQLite's words.
        let sentence: String
    }

    static let faults = [
        Fault(testDescription: "write", sentence: "disk I/O error"),
        Fault(testDescription: "sync", sentence: "disk I/O error"),
        Fault(testDescription: "short", sentence: "database or disk is full"),
    ]

    @Test(arguments: faults)
    func `a disk fault is reported, stops signatures, and is recovered from`(_ fault: Fault) async throws {
        let control = try TemporaryDirectory()
        let fixture = try await CrashFixture(environment: [
            "LD_PRELOAD": Products.path("libCFaultyDisk.so"),
            "SIGNET_FAULTY_DISK": control.path("fault"),
        ])
        try await endure(
            fixture, sentence: fault.sentence,
            break: { try control.write("fault", fault.testDescription) },
            mend: { try FileManager.default.removeItem(atPath: control.path("fault")) })
    }

    @Test(.enabled(if: geteuid() == 0, "only root can mount a disk to fill"))
    func `a full disk is reported, stops signatures, and is recovered from`() async throws {
        let fixture = try await CrashFixture(onDiskOfMebibytes: 8)
        try await endure(
            fixture, sentence: "database or disk is full",
            break: { try fixture.disk?.fill() },
            mend: { try fixture.disk?.empty() })
    }

    /// A signature whose outcome could not be written.
    @Test func `an outcome that cannot be recorded is not answered, and is concluded after recovery`()
        async throws
    {
        let control = try TemporaryDirectory()
        let fixture = try await CrashFixture(environment: [
            "LD_PRELOAD": Products.path("libCFaultyDisk.so"),
            "SIGNET_FAULTY_DISK": control.path("fault"),
        ])
        let csr = try OpenSSLRequest.make()
        // The worker is suspended between intent and outcome while the disk fails.
        let suspensions = try await fixture.daemon.suspendWorkers()
        let asked = Task { try await fixture.issue(csr, token: "once") }
        try await fixture.waitForOpenIntents(1)
        try control.write("fault", "write")
        for suspension in suspensions { suspension.end() }
        let error = await #expect(throws: APIClientError.self) { try await asked.value }
        #expect(error?.description.hasPrefix("InternalFailure: the record cannot be written") == true)
        #expect(try fixture.openIntents() == 1)

        try FileManager.default.removeItem(atPath: control.path("fault"))
        try await fixture.daemon.waitUntilReady()
        try await fixture.waitForOpenIntents(0)
        let details = try #require(
            fixture.daemon.events().last { $0["eventName"] as? String == "SignatureOutcome" })
        let outcome = try #require(details["serviceEventDetails"] as? [String: Any])
        #expect(outcome["status"] as? String == "UNRESOLVED")
        // The idempotency token can be used again.
        let arn = try await fixture.issue(csr, token: "once")
        #expect(try fixture.copy(answered: [arn]).check().open == [])
    }

    private func endure(
        _ fixture: CrashFixture, sentence: String, break breakDisk: () throws -> Void, mend: () throws -> Void
    ) async throws {
        let csr = try OpenSSLRequest.make()
        var answered = [try await fixture.issue(csr)]
        try await fixture.daemon.waitUntilReady()
        let process = fixture.daemon.processIdentifier
        // Only requested certificates are signed.
        try await fixture.waitForCheckpoint()

        try breakDisk()
        let signed = try fixture.signed().count
        for result in await fixture.issueConcurrently(8, csr) {
            let error = #expect(throws: APIClientError.self) { try result.get() }
            #expect(
                error?.description.hasPrefix("InternalFailure: the record cannot be written") == true,
                "\(String(describing: error))")
        }
        #expect(
            try fixture.daemon.health().contains("\r\nnot ready: the record cannot be written: \(sentence)"))
        #expect(try fixture.daemon.health().contains("503"))
        try await fixture.daemon.client { client in
            let certificate = try await client.call(
                GetCertificateOperation.self,
                .init(certificateAuthorityArn: fixture.root, certificateArn: answered[0]))
            #expect(certificate.certificate.contains("BEGIN CERTIFICATE"))
            _ = try await client.call(
                DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: fixture.root))
            let events = try await client.call(ListAuditEventsOperation.self, .init(from: 0, maxResults: 5))
            #expect(events.events.count == 5)
            _ = try await client.call(GetCheckpointOperation.self, .init())
            // An operation that changes something without a signature fails too, and no token is drained.
            await #expect(throws: APIClientError.self) {
                _ = try await client.call(DrainTokenOperation.self, .init(name: "main"))
            }
            await #expect(throws: APIClientError.self) {
                _ = try await client.call(
                    TagCertificateAuthorityOperation.self,
                    .init(certificateAuthorityArn: fixture.root, tags: [.init(key: "a", value: "b")]))
            }
        }
        #expect(try fixture.signed().count == signed, "something was signed without a record")
        #expect(try fixture.daemon.log().contains("a request was answered that could not be recorded"))
        #expect(try fixture.metric(#"signet_unrecorded_requests_total{outcome="answered"}"#) == 4)
        #expect(try fixture.metric(#"signet_unrecorded_requests_total{outcome="refused"}"#) == 10)

        try mend()
        // There are no requests: the daemon retries by itself.
        try await fixture.daemon.waitUntilReady()
        try await fixture.daemon.waitForEvent("RecordInterrupted")
        let event = try #require(
            fixture.daemon.events().last { $0["eventName"] as? String == "RecordInterrupted" })
        let details = try #require(event["serviceEventDetails"] as? [String: Any])
        #expect(details["unrecordedReads"] as? Int == 4)
        #expect(details["unrecordedRefusals"] as? Int == 10)
        #expect(details["openIntents"] as? Int == 0)
        for _ in 0..<3 { answered += try await fixture.issueConcurrently(8, csr).map { try $0.get() } }
        #expect(answered.count == 25)
        #expect(fixture.daemon.processIdentifier == process && kill(process, 0) == 0)

        // The tree continued where the database was, and another process reads the same.
        try fixture.verifyLog()
        #expect(try fixture.copy(answered: answered).check().open == [])
        #expect(fixture.daemon.stop() == 0)
        try fixture.daemon.start()
        try fixture.verifyLog(into: "again")
        #expect(fixture.daemon.stop() == 0)
    }
}
