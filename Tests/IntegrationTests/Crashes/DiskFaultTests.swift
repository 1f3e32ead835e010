import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// A disk that does not take the record: nothing is signed or changed, health says so, reading works, and when the disk is
/// well again so is the daemon, without anybody doing anything.
@Suite(.serialized)
struct DiskFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        /// As CFaultyDisk's control file says it.
        let testDescription: String
        /// What health says, in SQLite's words.
        let sentence: String
    }

    static let faults = [
        Fault(testDescription: "write", sentence: "disk I/O error"),
        Fault(testDescription: "sync", sentence: "disk I/O error"),
        Fault(testDescription: "short", sentence: "database or disk is full"),
    ]

    @Test(arguments: faults)
    func `a disk that fails is told, signs nothing, and is recovered from`(_ fault: Fault) async throws {
        let control = try TemporaryDirectory()
        let house = try await CrashHouse(environment: [
            "LD_PRELOAD": Products.path("libCFaultyDisk.so"),
            "SIGNET_FAULTY_DISK": control.path("fault"),
        ])
        try await endure(
            house, sentence: fault.sentence,
            break: { try control.write("fault", fault.testDescription) },
            mend: { try FileManager.default.removeItem(atPath: control.path("fault")) })
    }

    @Test(.enabled(if: geteuid() == 0, "only root can mount a disk to fill"))
    func `a full disk is told, signs nothing, and is recovered from`() async throws {
        let house = try await CrashHouse(onDiskOfMebibytes: 8)
        try await endure(
            house, sentence: "database or disk is full",
            break: { try house.disk?.fill() },
            mend: { try house.disk?.empty() })
    }

    /// A signature that was made, and whose outcome the disk did not take.
    @Test func `an outcome that cannot be recorded is not answered, and concluded when it can`() async throws
    {
        let control = try TemporaryDirectory()
        let house = try await CrashHouse(environment: [
            "LD_PRELOAD": Products.path("libCFaultyDisk.so"),
            "SIGNET_FAULTY_DISK": control.path("fault"),
        ])
        let csr = try OpenSSLRequest.make()
        // The worker stands still between intent and outcome, and the disk fails meanwhile.
        let suspensions = try await house.daemon.suspendWorkers()
        let asked = Task { try await house.issue(csr, token: "once") }
        try await house.waitForOpenIntents(1)
        try control.write("fault", "write")
        for suspension in suspensions { suspension.end() }
        let error = await #expect(throws: APIClientError.self) { try await asked.value }
        #expect(error?.description.hasPrefix("InternalFailure: the record cannot be written") == true)
        #expect(try house.openIntents() == 1)

        try FileManager.default.removeItem(atPath: control.path("fault"))
        try await house.daemon.waitUntilReady()
        try await house.waitForOpenIntents(0)
        let details = try #require(
            house.daemon.events().last { $0["eventName"] as? String == "SignatureOutcome" })
        let outcome = try #require(details["serviceEventDetails"] as? [String: Any])
        #expect(outcome["status"] as? String == "UNRESOLVED")
        // The idempotency token is free again.
        let arn = try await house.issue(csr, token: "once")
        #expect(try house.copy(answered: [arn]).judge().open == [])
    }

    private func endure(
        _ house: CrashHouse, sentence: String, break breakDisk: () throws -> Void, mend: () throws -> Void
    ) async throws {
        let csr = try OpenSSLRequest.make()
        var answered = [try await house.issue(csr)]
        try await house.daemon.waitUntilReady()
        let process = house.daemon.processIdentifier
        // Nothing is left to be signed but what is asked for.
        try await house.waitForCheckpoint()

        try breakDisk()
        let signed = try house.signed().count
        for result in await house.crowd(8, csr) {
            let error = #expect(throws: APIClientError.self) { try result.get() }
            #expect(
                error?.description.hasPrefix("InternalFailure: the record cannot be written") == true,
                "\(String(describing: error))")
        }
        #expect(
            try house.daemon.health().contains("\r\nnot ready: the record cannot be written: \(sentence)"))
        #expect(try house.daemon.health().contains("503"))
        try await house.daemon.client { client in
            let certificate = try await client.call(
                GetCertificateOperation.self,
                .init(certificateAuthorityArn: house.root, certificateArn: answered[0]))
            #expect(certificate.certificate.contains("BEGIN CERTIFICATE"))
            _ = try await client.call(
                DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: house.root))
            let events = try await client.call(ListAuditEventsOperation.self, .init(from: 0, maxResults: 5))
            #expect(events.events.count == 5)
            _ = try await client.call(GetCheckpointOperation.self, .init())
            // What changes something without a signature fails too, and nothing is drained.
            await #expect(throws: APIClientError.self) {
                _ = try await client.call(DrainTokenOperation.self, .init(name: "main"))
            }
            await #expect(throws: APIClientError.self) {
                _ = try await client.call(
                    TagCertificateAuthorityOperation.self,
                    .init(certificateAuthorityArn: house.root, tags: [.init(key: "a", value: "b")]))
            }
        }
        #expect(try house.signed().count == signed, "something was signed without a record")
        #expect(try house.daemon.log().contains("a request was answered that could not be recorded"))
        #expect(try house.metric(#"signet_unrecorded_requests_total{outcome="answered"}"#) == 4)
        #expect(try house.metric(#"signet_unrecorded_requests_total{outcome="refused"}"#) == 10)

        try mend()
        // Nobody asks anything: the daemon tries by itself.
        try await house.daemon.waitUntilReady()
        try await house.daemon.waitForEvent("RecordInterrupted")
        let told = try #require(
            house.daemon.events().last { $0["eventName"] as? String == "RecordInterrupted" })
        let details = try #require(told["serviceEventDetails"] as? [String: Any])
        #expect(details["unrecordedReads"] as? Int == 4)
        #expect(details["unrecordedRefusals"] as? Int == 10)
        #expect(details["openIntents"] as? Int == 0)
        for _ in 0..<3 { answered += try await house.crowd(8, csr).map { try $0.get() } }
        #expect(answered.count == 25)
        #expect(house.daemon.processIdentifier == process && kill(process, 0) == 0)

        // The tree went on where the database was, and what one process believed of it is what another reads.
        try house.verifyLog()
        #expect(try house.copy(answered: answered).judge().open == [])
        #expect(house.daemon.stop() == 0)
        try house.daemon.start()
        try house.verifyLog(into: "again")
        #expect(house.daemon.stop() == 0)
    }
}
