import Authorities
import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
internal import Publication
internal import Signing
import SoftwareKeys
import Storage
import SwiftASN1
import Testing
import X509

/// OCSP: who signs, what a response says, and what the log has of it.
@Suite(.timeLimit(.minutes(5)))
struct StatusTests {
    private let fixture: RevocationFixture
    private var scenario: Scenario { fixture.scenario }
    private var api: InMemoryAPI { fixture.api }

    init() async throws {
        fixture = try await RevocationFixture()
        try await fixture.enableStatus()
    }

    @Test func `a certificate is good until it is revoked, by each hash function`() async throws {
        for algorithm in CertificateID.HashAlgorithm.allCases {
            let request = try scenario.statusRequest(scenario.filled("$serial"), algorithm)
            let basic = try await fixture.response(request)
            #expect(basic.responses.map(\.status) == [.good])
            #expect(
                basic.responses.first?.certificate == (try OCSPRequest(derEncoded: request)).certificates[0])
            let now = Int64(api.time.now.timeIntervalSince1970)
            #expect(basic.responses[0].thisUpdate.secondsSinceEpoch == now - 300)
            #expect(basic.responses[0].nextUpdate?.secondsSinceEpoch == now + 3600)
            #expect(basic.producedAt.secondsSinceEpoch == now)
        }
        #expect(await fixture.revoke("$serial", reason: "CESSATION_OF_OPERATION") == nil)
        let basic = try await fixture.response(scenario.statusRequest(scenario.filled("$serial")))
        let now = try #require(CivilTime(api.time.now))
        #expect(basic.responses.map(\.status) == [.revoked(at: now, reason: 5)])
        #expect(basic.responses[0].thisUpdate == now, "not before the revocation")
        let unspecified = String(try await fixture.issue().suffix(32))
        #expect(await fixture.revoke(unspecified, reason: "UNSPECIFIED") == nil)
        #expect(
            try await fixture.response(scenario.statusRequest(unspecified)).responses.map(\.status)
                == [.revoked(at: now, reason: nil)])
    }

    @Test func `a serial number that was never issued is unknown, or revoked by configuration`() async throws
    {
        let request = try scenario.statusRequest("0102030405060708090a0b0c0d0e0f10")
        let basic = try await fixture.response(request)
        #expect(basic.responses.map(\.status) == [.unknown] && !basic.hasExtendedRevoked)
        let strict = try await RevocationFixture(
            ocsp: OCSPSettings(url: "http://o.example.test", callsUnissuedRevoked: true))
        try await strict.enableStatus()
        let octets = try await strict.ask(request)
        guard case .basic(let revoked) = try OCSPResponse.read(derEncoded: octets) else {
            Issue.record("\(octets)")
            return
        }
        let epoch = try #require(CivilTime(secondsSinceEpoch: 0))
        #expect(revoked.responses.map(\.status) == [.revoked(at: epoch, reason: 6)])
        #expect(revoked.hasExtendedRevoked)
    }

    @Test func `one request names several certificates, and a nonce comes back`() async throws {
        let other = try scenario.certificateID("0a0b")
        let foreign = try scenario.certificateID(scenario.filled("$serial"), of: "second")
        let own = try scenario.certificateID(scenario.filled("$serial"))
        let list = [own, other, foreign].map { [0x30, UInt8($0.derBytes.count)] + $0.derBytes }
            .reduce([], +)
        let nonce: [UInt8] = [0x04, 0x20] + Array(1...32)
        let identifier: [UInt8] = [0x06, 0x09, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02]
        let entry = RevocationFixture.der(0x30, identifier + RevocationFixture.der(0x04, nonce))
        let request = RevocationFixture.der(
            0x30,
            RevocationFixture.der(
                0x30,
                RevocationFixture.der(0x30, list)
                    + RevocationFixture.der(0xA2, RevocationFixture.der(0x30, entry))))
        let basic = try await fixture.response(request)
        #expect(basic.responses.map(\.status) == [.good, .unknown, .unknown])
        #expect(basic.nonce == nonce)
        let without = try await fixture.response(scenario.statusRequest(scenario.filled("$serial")))
        #expect(without.nonce == nil)
    }

    @Test func `a thousand requests are one intent, whose end says how many`() async throws {
        let before = api.events.count
        let request = try scenario.statusRequest(scenario.filled("$serial"), nonce: [1, 2, 3])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<125 {
                        let answer = try await fixture.ask(request)
                        #expect(fixture.failure(answer) == nil)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(Array(api.events.dropFirst(before)) == ["SignatureIntent"])
        let intent = try #require(try await api.store.unresolvedIntents().first)
        #expect(intent.purpose == "OCSPResponse" && intent.maximumSignatures == 100_000)
        api.time.advance(61)
        _ = await api.useCases.publication.endStatusBatches()
        // The end of a batch is recorded in the background.
        await api.useCases.publication.endStatusBatches.all()
        while try await !api.store.unresolvedIntents().isEmpty { await Task.yield() }
        let outcome = try JSONValue(parsing: try #require(api.store.events.last))["serviceEventDetails"]
        #expect(outcome?["signatures"]?.stringValue == "1000")
        #expect(outcome?["status"]?.stringValue == "SIGNED")
        // Another request opens another batch.
        _ = try await fixture.ask(request)
        #expect(
            Array(api.events.dropFirst(before)) == ["SignatureIntent", "SignatureOutcome", "SignatureIntent"])
    }

    @Test func `after a crash the log says how many responses there can be`() async throws {
        _ = try await fixture.ask(scenario.statusRequest(scenario.filled("$serial")))
        let restarted = try scenario.restarted().api
        try await restarted.useCases.concludeUnfinishedWork()
        #expect(try await restarted.store.unresolvedIntents().isEmpty)
        let outcome = try restarted.store.events.map { try JSONValue(parsing: $0) }
            .last { $0["eventName"] == "SignatureOutcome" }?["serviceEventDetails"]
        #expect(outcome?["status"]?.stringValue == "UNRESOLVED")
        #expect(outcome?["signatures"]?.stringValue == "100000")
    }

    @Test func `the authority's own key signs by configuration, with an intent for each response`()
        async throws
    {
        let direct = try await RevocationFixture(
            ocsp: OCSPSettings(url: "http://o.example.test", signer: .authority))
        try await direct.enableStatus()
        let before = direct.api.events.count
        let request = try direct.scenario.statusRequest(direct.scenario.filled("$serial"))
        let root = try #require(try await direct.api.store.certificateAuthority(direct.id)?.certificate)
        let basic = try await direct.response(request)
        #expect(basic.certificates == [root] && basic.responses.map(\.status) == [.good])
        #expect(
            direct.api.events.dropFirst(before).filter { $0 != "GetCertificate" } == [
                "SignatureIntent", "SignatureOutcome",
            ])
    }

    @Test func `an authority's own key signs at a limited rate, and an answer serves again`() async throws {
        let direct = try await RevocationFixture(
            ocsp: OCSPSettings(url: "http://o.example.test", signer: .authority))
        try await direct.enableStatus()
        let before = direct.api.events.count
        // One signature for all of these.
        let certificate = direct.scenario.filled("$serial")
        let request = try direct.scenario.statusRequest(certificate)
        for _ in 0..<50 { #expect(try await direct.response(request).responses.map(\.status) == [.good]) }
        #expect(direct.api.events.dropFirst(before).count { $0 == "SignatureIntent" } == 1)
        // Each nonce needs one. Beyond the rate the answer that is kept serves without the nonce.
        var echoed = 0
        for number in 0..<200 as Range<UInt8> {
            let nonce = try await direct.response(
                direct.scenario.statusRequest(certificate, nonce: [number])
            ).nonce
            if nonce == [4, 1, number] { echoed += 1 } else { #expect(nonce == nil) }
        }
        #expect((90...110).contains(echoed))
        direct.api.time.advance(60)
        // A change of the status is answered at once.
        #expect(await direct.revoke("$serial") == nil)
        let changed = try await direct.response(
            direct.scenario.statusRequest(direct.scenario.filled("$serial")))
        #expect(changed.responses.map(\.status) != [.good])
        // A flood of requests about different numbers.
        var later = 0
        for number in 1...200 {
            let request = try direct.scenario.statusRequest(String(number, radix: 16))
            if direct.failure(try await direct.ask(request)) == .tryLater { later += 1 }
        }
        #expect(later >= 90)
        direct.api.time.advance(2)
        #expect(direct.failure(try await direct.ask(direct.scenario.statusRequest("abcdef"))) == nil)
    }

    @Test func `a response never outlasts the responder's certificate`() async throws {
        api.time.advance(7 * 86_400 - 600)
        let basic = try await fixture.response(scenario.statusRequest(scenario.filled("$serial")))
        let now = Int64(api.time.now.timeIntervalSince1970)
        #expect(basic.responses[0].nextUpdate?.secondsSinceEpoch == now + 600)
        api.time.advance(601)
        #expect(
            fixture.failure(try await fixture.ask(scenario.statusRequest(scenario.filled("$serial"))))
                == .tryLater,
            "the certificate has ended")
    }

    @Test func `after a restore nothing is signed before the published CRL was read`() async throws {
        let restarted = try fixture.restarted()
        let request = try scenario.statusRequest(scenario.filled("$serial"))
        #expect(fixture.failure(try await restarted.ask(request)) == .tryLater)
        await restarted.publish()
        #expect(fixture.failure(try await restarted.ask(request)) == nil)
    }

    @Test func `states: DISABLED keeps OCSP, EXPIRED ends it`() async throws {
        let request = try scenario.statusRequest(scenario.filled("$serial"))
        #expect(await fixture.update(#""Status": "DISABLED""#) == nil)
        #expect(try await fixture.response(request).responses.map(\.status) == [.good])
        api.time.advance(11 * 365 * 86_400)
        #expect(fixture.failure(try await fixture.ask(request)) == .unauthorized)
    }

    @Test func `one call has many requests, each with its own answer in their order`() async throws {
        let good = try scenario.statusRequest(scenario.filled("$serial"))
        let unknown = try scenario.statusRequest("0a", nonce: [7])
        let other = OCSPRequest.encoded(try scenario.certificateID(scenario.filled("$serial"), of: "second"))
        let list = [[0x30, 0x00], good, other, unknown, [], good].map { $0.isEmpty ? [1] : $0 } as [[UInt8]]
        let answers = try await fixture.ask(list)
        #expect(
            answers.map { fixture.failure($0) } == [
                .malformedRequest, nil, .unauthorized, nil, .malformedRequest, nil,
            ])
        guard case .basic(let basic) = try OCSPResponse.read(derEncoded: answers[3]) else { return }
        #expect(basic.responses.map(\.status) == [.unknown] && basic.nonce == [4, 1, 7])
        #expect(try await fixture.ask(Array(repeating: good, count: 64)).count == 64)
        for list in [[], Array(repeating: "\"MAA=\"", count: 65)] as [[String]] {
            let input = "{\"OcspRequests\": [\(list.joined(separator: ", "))]}"
            #expect(await api.refusal("Signet.GetOCSPResponse", input) == "ValidationException")
        }
    }

    @Test func `requests that are not answered write no event`() async throws {
        let before = api.events.count
        let own = try scenario.certificateID(scenario.filled("$serial"))
        let good = OCSPRequest.encoded(own)
        let unknown = try scenario.certificateID(scenario.filled("$serial"), of: "second")
        let many = RevocationFixture.der(
            0x30,
            RevocationFixture.der(
                0x30,
                RevocationFixture.der(
                    0x30, (0..<101).map { _ in RevocationFixture.der(0x30, own.derBytes) }.reduce([], +))))
        let cases: [(String, [UInt8], OCSPResponse.Failure)] = [
            ("empty", [0x30, 0x00], .malformedRequest), ("trailing", good + [0], .malformedRequest),
            ("cut", Array(good.dropLast()), .malformedRequest),
            ("text", Array("GET /".utf8), .malformedRequest),
            ("too many", many, .malformedRequest),
            ("too long", [UInt8](repeating: 0x30, count: 40_000), .malformedRequest),
            ("no nonce", OCSPRequest.encoded(own, nonce: []), .malformedRequest),
            (
                "long nonce", OCSPRequest.encoded(own, nonce: [UInt8](repeating: 1, count: 129)),
                .malformedRequest
            ),
            ("an authority without a responder", OCSPRequest.encoded(unknown), .unauthorized),
            ("an unknown hash", Self.with(own, algorithm: [0x2A, 0x03]), .unauthorized),
        ]
        for (name, request, expected) in cases {
            #expect(fixture.failure(try await fixture.ask(request)) == expected, "\(name)")
        }
        #expect(api.events.count == before)
        // The longest nonce is taken.
        let longest = OCSPRequest.encoded(own, nonce: [UInt8](repeating: 1, count: 128))
        #expect(try await fixture.response(longest).nonce?.count == 131)
    }

    /// A request with another hash function.
    private static func with(_ certificate: CertificateID, algorithm: [UInt8]) -> [UInt8] {
        let old = RevocationFixture.der(0x30, [0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00])
        let new = RevocationFixture.der(0x30, RevocationFixture.der(0x06, algorithm))
        let contents = new + certificate.derBytes.dropFirst(2 + old.count)
        return RevocationFixture.der(
            0x30,
            RevocationFixture.der(
                0x30,
                RevocationFixture.der(
                    0x30, RevocationFixture.der(0x30, RevocationFixture.der(0x30, contents)))))
    }

    @Test func `a principal that may not ask is refused, and a flood is recorded once`() async throws {
        let request = try scenario.statusRequest(scenario.filled("$serial"))
        let before = api.events.count
        var answers: Set<String> = []
        for _ in 0..<20 {
            do {
                let octets = try await fixture.ask(request, as: .outsider)
                answers.insert(fixture.failure(octets).map { "\($0)" } ?? "status")
            } catch let error as APIError { answers.insert(error.code) }
        }
        #expect(answers == ["AccessDeniedException", "unauthorized"])
        #expect(Array(api.events.dropFirst(before)) == ["GetOCSPResponse: AccessDeniedException"])
    }
}
