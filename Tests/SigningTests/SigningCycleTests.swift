import Audit
import Authorization
import Crypto
import Foundation
import InMemoryStorage
import JSON
import PKIX
import SoftwareKeys
import Storage
import Synchronization
import Testing
import TransparencyLog
import X509

@testable import Signing

/// The object that these tests sign. In the daemon only the types of `Issuance` can be signed.
private struct Statement: Signable, ~Copyable {
    static var purpose: SigningPurpose { .certificationRequest }
    let toBeSigned: [UInt8] = [0x30, 0x03, 0x02, 0x01, 0x05]
    var digest: [UInt8] { Array(SHA256.hash(data: toBeSigned)) }
    let signingAlgorithm = SigningAlgorithm.sha256WithECDSA
    let signer: SubjectPublicKey
}

/// Records each step, with the state of the store at that time.
private final class RecordingSteps: SigningSteps {
    let claims: [Change]
    let scope: AuditScope
    let signed = Mutex<[UInt8]?>(nil)
    let failed = Mutex<AuditEvent?>(nil)

    init(claims: [Change] = [], scope: AuditScope) {
        self.claims = claims
        self.scope = scope
    }

    func changes(signed der: [UInt8], _ intent: SignatureIntent, at time: Date) -> [Change] {
        signed.withLock { $0 = der }
        return [.append(intent.signed(scope: scope, time: time))]
    }

    func changes(failed outcome: AuditEvent) -> [Change] {
        failed.withLock { $0 = outcome }
        return [.append(outcome)]
    }
}

struct SigningCycleTests {
    private static let scope = AuditScope(account: "000000000000", region: "r")
    private static let authority = ARN(
        partition: "aws", service: "acm-pca", region: "r", account: "000000000000",
        resource: "certificate-authority/a")
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)

    private let store = InMemoryStore()
    private let custody = SoftwareCustody()
    private let publicKey: SubjectPublicKey
    private let key: SigningKey
    private let steps = RecordingSteps(scope: scope)

    init() async throws {
        publicKey = try custody.add(.init(P256.Signing.PrivateKey()), identifier: [7])
        key = try await custody.signingKey(
            KeyReference(
                .ecPrime256v1, identifier: [7], publicKey: publicKey, securityStandard: nil), .daemon)
    }

    private var cycle: SigningCycle { SigningCycle(store: store, scope: Self.scope) { Self.time } }

    private static let call = APICall(
        requestID: timeOrderedUUID(), operation: "O", time: time, scope: scope,
        caller: .process(Peer(pid: 1, uid: 1, gid: 1)), principal: nil, userAgent: nil, policyDigest: "",
        parameters: .null)

    private func sign(_ steps: RecordingSteps? = nil) async throws(SigningFailure) -> Int {
        try await cycle.sign(
            Statement(signer: publicKey), with: key, of: Self.authority, steps ?? self.steps,
            answering: Answer(5, to: Self.call, allowedBy: "s")
        ).take()
    }

    private var events: [String] {
        get throws {
            try store.events.map { body in
                let event = try JSONValue(parsing: body)
                let status = event["serviceEventDetails"]?["status"]?.stringValue
                return (event["eventName"]?.stringValue ?? "") + (status.map { " \($0)" } ?? "")
            }
        }
    }

    @Test func `a signature has its intent before and its outcome after it`() async throws {
        #expect(try await sign() == 5)
        #expect(try events == ["SignatureIntent", "SignatureOutcome SIGNED", "O"])
        #expect(try await store.unresolvedIntents().isEmpty)
        #expect(custody.messages == [[0x30, 0x03, 0x02, 0x01, 0x05]])
        let signed = try #require(steps.signed.withLock { $0 })
        #expect(signed.starts(with: [0x30]) && signed.count > 60)
    }

    @Test func `the intent names the object, the key and the request`() async throws {
        _ = try await sign()
        let intent = try JSONValue(parsing: store.events[0])["serviceEventDetails"]
        let digest = SHA256.hash(data: [0x30, 0x03, 0x02, 0x01, 0x05] as [UInt8])
        #expect(intent?["sha256"]?.stringValue == digest.map { String(format: "%02x", $0) }.joined())
        #expect(intent?["keyIdentifier"] == "07")
        #expect(intent?["purpose"] == "CertificationRequest")
        #expect(intent?["requestID"]?.stringValue == Self.call.requestID)
        #expect(intent?["certificateAuthorityArn"]?.stringValue == Self.authority.description)
    }

    @Test func `no key is used while an intent cannot be recorded`() async throws {
        store.refuseCommits(with: .unavailable(reason: "full"))
        let failure = await #expect(throws: SigningFailure.self) { try await sign() }
        guard case .intent(.unavailable)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(custody.messages.isEmpty)
    }

    @Test func `no key is used if a claim is refused`() async throws {
        try await store.commit([.recordLogKey(.init(identifier: [1], subjectPublicKeyInfo: [2]))])
        let refused = RecordingSteps(
            claims: [.recordLogKey(.init(identifier: [3], subjectPublicKeyInfo: [4]))], scope: Self.scope)
        let failure = await #expect(throws: SigningFailure.self) { try await sign(refused) }
        guard case .intent(.conflict)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(custody.messages.isEmpty)
        #expect(store.events.isEmpty)
    }

    @Test func `a failed signature has an outcome, and the call has no event`() async throws {
        custody.fail(with: .init("unplugged"))
        let failure = await #expect(throws: SigningFailure.self) { try await sign() }
        guard case .signature? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(try events == ["SignatureIntent", "SignatureOutcome FAILED"])
        #expect(try await store.unresolvedIntents().isEmpty)
        #expect(steps.signed.withLock { $0 } == nil)
    }

    @Test func `a signature whose outcome is not recorded is not released, and leaves its intent open`()
        async throws
    {
        let store = store
        custody.whenSigned { store.refuseCommits(with: .unavailable(reason: "full")) }
        let failure = await #expect(throws: SigningFailure.self) { try await sign() }
        guard case .outcome(.unavailable)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(custody.messages.count == 1)
        #expect(try await store.unresolvedIntents().map(\.digest) == [Statement(signer: publicKey).digest])
    }

    @Test func `an object for another key is not signed`() async throws {
        let other = try SubjectPublicKey(.init(P256.Signing.PrivateKey().publicKey))
        let failure = await #expect(throws: SigningFailure.self) {
            _ = try await cycle.sign(
                Statement(signer: other), with: key, of: Self.authority, steps,
                answering: Answer(5, to: Self.call, allowedBy: "s")
            ).take()
        }
        guard case .keyDoesNotFit? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(store.events.isEmpty && custody.messages.isEmpty)
    }

    @Test func `only checkpoints are signed without an intent`() async throws {
        let checkpoint = Checkpoint(origin: "log", size: 3, root: .ofNothing)
        let signature = try await cycle.sign(checkpoint, with: key)
        #expect(publicKey.isValidSignature(signature, of: Array(checkpoint.text.utf8), .sha256WithECDSA))
        #expect(store.events.isEmpty)
        #expect(SigningPurpose.allCases.filter { !$0.opensIntent } == [.checkpoint])
    }

    @Test func `a checkpoint that starts like DER is not signed`() async throws {
        let failure = await #expect(throws: SigningFailure.self) {
            _ = try await cycle.sign(Checkpoint(origin: "0log", size: 3, root: .ofNothing), with: key)
        }
        guard case .notACheckpoint? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(custody.messages.isEmpty)
    }
}
