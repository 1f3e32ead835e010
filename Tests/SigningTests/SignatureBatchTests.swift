import Audit
import Authorization
import Crypto
import Foundation
import InMemoryStorage
import JSON
import PKIX
import SoftwareKeys
import Storage
import Testing
import X509

@testable import Signing

/// An object that keys sign in batches. In the daemon only OCSP responses are.
private struct Response: Signable, ~Copyable {
    static var purpose: SigningPurpose { .ocspResponse }
    let toBeSigned: [UInt8] = [0x30, 0x03, 0x02, 0x01, 0x06]
    var digest: [UInt8] { Array(SHA256.hash(data: toBeSigned)) }
    let signingAlgorithm = SigningAlgorithm.sha256WithECDSA
    let signer: SubjectPublicKey
}

/// An object that needs an intent of its own.
private struct Statement: Signable, ~Copyable {
    static var purpose: SigningPurpose { .certificate }
    let toBeSigned: [UInt8] = [0x30, 0x03, 0x02, 0x01, 0x05]
    var digest: [UInt8] { Array(SHA256.hash(data: toBeSigned)) }
    let signingAlgorithm = SigningAlgorithm.sha256WithECDSA
    let signer: SubjectPublicKey
}

/// One intent for many signatures.
struct SignatureBatchTests {
    private static let scope = AuditScope(account: "000000000000", region: "r")
    private static let authority = ARN(
        partition: "aws", service: "acm-pca", region: "r", account: "000000000000",
        resource: "certificate-authority/a")

    private let store = InMemoryStore()
    private let custody = SoftwareCustody()
    private let publicKey: SubjectPublicKey
    private let authorityKey: SubjectPublicKey
    private let key: SigningKey

    init() async throws {
        publicKey = try custody.add(.init(P256.Signing.PrivateKey()), identifier: [7])
        authorityKey = try custody.add(.init(P256.Signing.PrivateKey()), identifier: [8])
        key = try await custody.signingKey(
            KeyReference(.ecPrime256v1, identifier: [7], publicKey: publicKey, securityStandard: nil), .daemon
        )
    }

    private func cycle(at time: Date) -> SigningCycle {
        SigningCycle(store: store, scope: Self.scope) { time }
    }

    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func open(_ signatures: Int = 3) async throws -> SignatureBatch {
        try await cycle(at: Self.start).openBatch(
            with: key, for: authorityKey, certificate: [1, 2], of: Self.authority, requestID: "r",
            signatures: signatures)
    }

    private func sign(_ batch: SignatureBatch, after seconds: TimeInterval = 0) async throws -> [UInt8] {
        try await cycle(at: Self.start + seconds).sign(Response(signer: publicKey), in: batch)
    }

    private var outcome: JSONValue? {
        guard let last = store.events.last, let event = try? JSONValue(parsing: last),
            event["eventName"] == "SignatureOutcome"
        else { return nil }
        return event["serviceEventDetails"]
    }

    @Test func `the intent is durable before the first signature, and its end has the number`() async throws {
        let batch = try await open()
        #expect(custody.messages.isEmpty)
        let intent = try #require(try await store.unresolvedIntents().first)
        #expect(intent.maximumSignatures == 3 && intent.digest == Array(SHA256.hash(data: [1, 2])))
        let event = try JSONValue(parsing: try #require(store.events.last))["serviceEventDetails"]
        #expect(event?["endsAt"]?.stringValue == "2027-01-15T08:01:00Z")
        #expect(event?["maximumSignatures"]?.stringValue == "3")
        for _ in 0..<2 { #expect(try await sign(batch).count > 10) }
        try await cycle(at: Self.start + 9).conclude(batch)
        #expect(outcome?["signatures"]?.stringValue == "2")
        #expect(try await store.unresolvedIntents().isEmpty)
        let events = store.events.count
        try await cycle(at: Self.start + 9).conclude(batch)
        #expect(store.events.count == events, "concluded twice")
        await #expect(throws: SigningFailure.self) { try await sign(batch) }
    }

    @Test func `a batch ends with its number, its time, or a clock that was set back`() async throws {
        let counted = try await open(2)
        for _ in 0..<2 { _ = try await sign(counted) }
        await #expect(throws: SigningFailure.self) { try await sign(counted) }
        let timed = try await open()
        _ = try await sign(timed, after: 59.9)
        for seconds in [60, 61, -1] as [TimeInterval] {
            await #expect(throws: SigningFailure.self, "\(seconds)") { try await sign(timed, after: seconds) }
        }
        #expect(custody.messages.count == 3)
    }

    @Test func `a signature that fails counts, because the token may have made it`() async throws {
        let batch = try await open()
        custody.fail(with: .init("unplugged"))
        await #expect(throws: SigningFailure.self) { try await sign(batch) }
        custody.fail(with: nil)
        _ = try await sign(batch)
        try await cycle(at: Self.start).conclude(batch)
        #expect(outcome?["signatures"]?.stringValue == "2")
    }

    @Test func `an authority's own key has no batch, and a batch signs responses of its key only`()
        async throws
    {
        await #expect(throws: SigningFailure.self) {
            try await cycle(at: Self.start).openBatch(
                with: key, for: publicKey, certificate: [1], of: Self.authority, requestID: "r")
        }
        #expect(store.events.isEmpty)
        let batch = try await open()
        await #expect(throws: SigningFailure.self) {
            try await cycle(at: Self.start).sign(Response(signer: authorityKey), in: batch)
        }
        await #expect(throws: SigningFailure.self) {
            try await cycle(at: Self.start).sign(Statement(signer: publicKey), in: batch)
        }
        #expect(custody.messages.isEmpty)
    }

    @Test func `no batch is opened when its intent cannot be recorded`() async throws {
        store.refuseCommits(with: .unavailable(reason: "full"))
        await #expect(throws: SigningFailure.self) { _ = try await open() }
    }
}
