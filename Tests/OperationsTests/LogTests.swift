import Approvals
import Audit
import AuditLog
import Authorities
import Crypto
import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import Publication
import RecordKeeping
import SoftwareKeys
import Storage
import Synchronization
import Testing
import TransparencyLog
import X509

/// The contents of the log, missing events, and a log that differs from its checkpoint.
@Suite(.timeLimit(.minutes(5)))
struct LogTests {
    /// The details of the last event.
    private static func details(_ api: InMemoryAPI) throws -> JSONValue? {
        try JSONValue(parsing: try #require(api.store.events.last))["serviceEventDetails"]
    }

    @Test func `what the log misses is counted and told once`() async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        api.store.refuseCommits(with: .unavailable(reason: "full"))
        #expect(await api.refusal("Signet.ListTokens") == nil)
        #expect(await api.refusal("Signet.DrainToken", #"{"Name": "main"}"#) == "InternalFailure")
        api.store.refuseCommits(with: nil)
        #expect(try await api.useCases.resumeRecord())
        let details = try Self.details(api)
        #expect(details?["unrecordedReads"] == 1)
        #expect(details?["unrecordedRefusals"] == 1)
        for outcome in ["answered", "refused"] {
            #expect(
                api.service.metricsText.contains(
                    #"signet_unrecorded_requests_total{outcome="\#(outcome)"} 1"#))
        }
        #expect(try await !api.useCases.resumeRecord())
        #expect(api.events.count { $0 == "RecordInterrupted" } == 1)
    }

    /// A newest checkpoint that does not match the log.
    enum Forgery: CaseIterable { case size, root, signature }

    @Test(arguments: Forgery.allCases)
    func `a log that differs from its checkpoint stops every signature`(_ forgery: Forgery) async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        let size = try await api.store.logSize()
        let root = try await api.store.root(size: size)
        let signature = SignedNote.Signature(name: "log.test", keyID: [1, 2, 3, 4], signature: [5, 6])
        let checkpoint =
            switch forgery {
            case .size: Checkpoint(origin: "log.test", size: size + 1, root: root)
            case .root: Checkpoint(origin: "log.test", size: size, root: .ofNothing)
            case .signature: Checkpoint(origin: "log.test", size: size, root: root)
            }
        let note = SignedNote(text: checkpoint.text, signatures: [signature])
        try await api.store.commit([.recordCheckpoint(size: checkpoint.size, note: note.encoded)])
        try await api.useCases.auditLog.compareLog()
        #expect(api.events.last == "LogDiffers")
        let reason = try Self.details(api)?["statusReason"]?.stringValue ?? ""
        let words = [Forgery.size: "holds", .root: "root", .signature: "not signed"]
        #expect(reason.contains(words[forgery] ?? ""))
        #expect(
            await api.refusal("ACMPrivateCA.IssueCertificate", scenario.filled(Scenario.issue))
                == "InternalFailure")
        #expect(api.custody.messages.isEmpty)
    }

    @Test func `the log's first checkpoint makes its key, with an event`() async throws {
        let api = try InMemoryAPI()
        #expect(await api.refusal("Signet.ListTokens") == nil)
        try await api.useCases.auditLog.checkpoints.sign()
        #expect(api.events == ["ListTokens", "LogKeyGenerated"])
        #expect(try await api.store.logKey() != nil)
    }

    @Test func `a key from a ceremony becomes the log's once a token has it, with an event`() async throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let publicKey = try SubjectPublicKey(key.publicKey)
        let api = try InMemoryAPI(
            makesKeys: false,
            ceremonyKey: .init(identifier: [0xCE], publicKey: publicKey, transcriptDigest: "ab"))
        #expect(await api.refusal("Signet.ListTokens") == nil)
        // Another key under its CKA_ID is not taken.
        try api.custody.add(.init(P256.Signing.PrivateKey()), identifier: [0xCE])
        await #expect(throws: CAError.self) { try await api.useCases.auditLog.checkpoints.sign() }
        #expect(try await api.store.logKey() == nil)
        try api.custody.add(key, identifier: [0xCE])
        try await api.useCases.auditLog.checkpoints.sign()
        #expect(api.events == ["ListTokens", "LogKeyAdopted"])
        #expect(try Self.details(api)?["transcriptSHA256"] == "ab")
        #expect(try await api.store.logKey()?.subjectPublicKeyInfo == publicKey.derBytes)
        #expect(api.custody.keys.count == 1)
    }

    @Test func `a log without a name has no checkpoints`() async throws {
        let api = try InMemoryAPI(hasLogName: false)
        #expect(await api.refusal("Signet.GetCheckpoint") == "InvalidStateException")
    }

    /// A witness that cosigns, or answers with a given line.
    private struct WitnessStub: Witness {
        let privateKey: Curve25519.Signing.PrivateKey
        let key: NoteVerifier
        var lies = true

        func add(_ request: WitnessRequest) async throws(WitnessFault) -> String {
            let signed = try? privateKey.signature(for: Data(request.checkpoint.text.utf8))
            let line = Data(key.keyID + (lies ? [1, 2, 3] : Array(signed ?? Data()))).base64EncodedString()
            return "\u{2014} \(key.name) \(line)\n"
        }
    }

    @Test func `a witness's signature is verified, and its fault is on record once`() async throws {
        let api = try await Scenario.copy().api
        let privateKey = Curve25519.Signing.PrivateKey()
        let octets = Array(privateKey.publicKey.rawRepresentation)
        let key = try #require(NoteVerifier(name: "w", algorithm: .ed25519, key: octets))
        var witness = WitnessStub(privateKey: privateKey, key: key)
        var standing = [WitnessStanding()]
        for _ in 0..<2 {
            try await api.useCases.auditLog.cosignCheckpoint(with: [witness], standing: &standing)
        }
        #expect(standing[0].fault == .signedSomethingElse)
        #expect(api.events.count { $0 == "WitnessFailed" } == 1)
        witness.lies = false
        for _ in 0..<2 {
            try await api.useCases.auditLog.cosignCheckpoint(with: [witness], standing: &standing)
        }
        #expect(standing[0].fault == nil)
        #expect(api.events.count { $0 == "WitnessCosigns" } == 1)
    }

    @Test func `an event that no checkpoint holds is not proven yet`() async throws {
        let api = try await Scenario.copy().api
        let size = try await api.store.logSize()
        #expect(await api.refusal("Signet.ListTokens") == nil)
        // While the log cannot be written, no checkpoint is signed.
        api.store.refuseCommits(with: .unavailable(reason: "full"))
        #expect(await api.refusal("Signet.ListTokens") == nil)
        #expect(
            await api.refusal("Signet.GetEventProof", #"{"Index": \#(size)}"#)
                == "RequestInProgressException")
    }

    @Test func `an event is found by an identifier, and a receipt is of a certificate that was issued`()
        async throws
    {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        let text = String(repeating: "x", count: 36)
        #expect(await api.refusal("Signet.GetAuditEvent", #"{"Id": "\#(text)"}"#) == "InvalidArgsException")
        let proof = try await api.call("Signet.GetEventProof", #"{"Index": 1}"#).get()
        let event = proof["Event"]?.stringValue.flatMap { Data(base64Encoded: $0) }
        #expect(event == api.store.events[1])
        // The rejection concludes the certificate, and is its event too.
        let id = scenario.filled(#"{"Id": "$approval"}"#)
        let waiting = try await api.call("Signet.GetApproval", id).get()["Approval"]
        let arn = try #require(waiting?["CertificateArn"]?.stringValue)
        #expect(await api.refusal("Signet.RejectRequest", id) == nil)
        let receipt = #"{"CertificateAuthorityArn": "$root", "CertificateArn": "\#(arn)"}"#
        try await api.useCases.auditLog.checkpoints.sign()
        #expect(
            await api.refusal("Signet.GetIssuanceReceipt", scenario.filled(receipt))
                == "InvalidStateException")
    }

    @Test func `a page of events has its limits`() async throws {
        let api = try InMemoryAPI()
        let scope = AuditScope(account: "000000000000", region: "us-local-1")
        for _ in 0..<20 {
            try await api.store.commit([
                .append(
                    .service(
                        .daemonStarted, scope: scope, time: api.time.now,
                        details: ["text": .string(String(repeating: "x", count: 40_000))]))
            ])
        }
        let page = try await api.call("Signet.ListAuditEvents").get()
        // 262,144 octets have room for six of them.
        #expect(page["Events"]?.count == 6)
        #expect(page["IsTruncated"] == true)
    }

    @Test func `a private key that no record names is reported once`() async throws {
        let api = try await Scenario.copy().api
        let known = try #require(try await api.store.certificateAuthorities(after: nil, limit: 1).first)
        api.tokens.keys.withLock {
            $0 = [
                CustodyKey(identifier: known.keyIdentifier, label: known.id),
                CustodyKey(identifier: [9, 9], label: "unknown"),
            ]
        }
        for _ in 0..<2 { await api.useCases.auditLog.reportUnrecordedKeys(onToken: "main") }
        #expect(api.events.count { $0 == "KeysWithoutRecord" } == 1)
        #expect(try Self.details(api)?["count"] == "1")
    }

    @Test func `a report is of an active authority, in a bucket that is there`() async throws {
        let scenario = try await Scenario.copy()
        scenario.api.time.advance(3600)
        for (old, new, code) in [
            ("$root", "$second", "InvalidStateException"), ("reports", "others", "ResourceNotFoundException"),
        ] {
            let input = scenario.filled(Scenario.report.replacing(old, with: new))
            #expect(
                await scenario.api.refusal("ACMPrivateCA.CreateCertificateAuthorityAuditReport", input)
                    == code)
        }
    }

    @Test func `a report is made, with its outcome in the log`() async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        api.time.advance(3600)
        let operation = "ACMPrivateCA.CreateCertificateAuthorityAuditReport"
        #expect(await api.refusal(operation, scenario.filled(Scenario.report)) == nil)
        let making = Task { await api.useCases.publication.makeAuditReports() }
        defer { making.cancel() }
        // The time limit of the suite ends the wait if the report is never made.
        while api.events.last != "AuditReportOutcome" {
            try await Task.sleep(for: .milliseconds(2))
        }
        #expect(api.events.last == "AuditReportOutcome")
        #expect(api.buckets.keys.count == 1)
    }

    @Test func `what a crash left half done is concluded, each with its event`() async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        let create = try #require(OperationCase.all.first).input
        let approve = scenario.filled(#"{"Id": "$approval", "Digest": "$digest"}"#)
        api.custody.whenSigned { api.store.refuseCommits(with: .unavailable(reason: "full")) }
        for (operation, input) in [
            ("ACMPrivateCA.CreateCertificateAuthority", create), ("Signet.ApproveRequest", approve),
        ] {
            _ = await api.call(operation, input)
            api.store.refuseCommits(with: nil)
        }
        // Another approval, whose certificate was issued and which was not concluded.
        var issued = try #require(try await api.store.approval(scenario.filled("$approval")))
        #expect(issued.status == .approved)
        issued.id = "00000000-0000-4000-8000-000000000000"
        issued.serialNumber = scenario.filled("$leaf").split(separator: "/").last.map(String.init)
        try await api.store.commit([
            .insertApproval(issued, within: ApprovalLimits(count: .max, octets: .max))
        ])

        let restarted = try scenario.restarted().api
        let before = restarted.events.count
        try await restarted.useCases.concludeUnfinishedWork()
        #expect(
            restarted.events.dropFirst(before).sorted() == [
                "ApprovalOutcome", "ApprovalOutcome", "AuditReportOutcome",
                "CreateCertificateAuthorityOutcome", "SignatureOutcome", "SignatureOutcome",
            ])
        #expect(try await restarted.store.approval(scenario.filled("$approval"))?.status == .failed)
        #expect(try await restarted.store.approval(issued.id)?.status == .completed)
        let authorities = try await restarted.store.certificateAuthorities(after: nil, limit: 9)
        #expect(authorities.last?.status == .failed)
    }
}
