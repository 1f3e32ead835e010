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
        try await Self.enable(fixture)
    }

    private static func enable(_ fixture: RevocationFixture) async throws {
        await fixture.publish()
        #expect(
            await fixture.update(#""RevocationConfiguration": {"OcspConfiguration": {"Enabled": true}}"#) == nil)
        _ = try await fixture.api.useCases.publication.maintainResponders()
    }

    private func ask(_ request: [UInt8], as user: InMemoryAPI.User = .administrator) async throws -> [UInt8] {
        try await Self.ask(request, of: api, as: user)
    }

    private static func ask(
        _ request: [UInt8], of api: InMemoryAPI, as user: InMemoryAPI.User = .administrator
    ) async throws -> [UInt8] {
        let text = try await api.value(
            "OcspResponse", of: "Signet.GetOCSPResponse",
            #"{"OcspRequest": "\#(Data(request).base64EncodedString())"}"#, as: user)
        return Array(try #require(Data(base64Encoded: text)))
    }

    /// The response, after its signature and its signer's certificate were verified.
    private func response(
        _ request: [UInt8], of api: InMemoryAPI? = nil
    ) async throws -> BasicOCSPResponse {
        let api = api ?? self.api
        let octets = try await Self.ask(request, of: api)
        guard case .basic(let basic) = try OCSPResponse.read(derEncoded: octets) else {
            throw SyntaxFault(place: "response", problem: "is the failure \(octets)")
        }
        let root = try await fixture.certificate(rootARN())
        let signer = try Certificate(derEncoded: try #require(basic.certificates.first))
        if signer != root {
            #expect(root.publicKey.isValidSignature(signer.signature, for: signer))
            #expect(try signer.extensions.extendedKeyUsage?.contains(.ocspSigning) == true)
            #expect(signer.extensions[oid: [1, 3, 6, 1, 5, 5, 7, 48, 1, 5]]?.value.elementsEqual([5, 0]) == true)
            #expect(signer.issuer == root.subject && signer.publicKey != root.publicKey)
            #expect(signer.notValidBefore <= api.time.now && api.time.now < signer.notValidAfter)
        }
        let key = try SubjectPublicKey(signer.publicKey)
        #expect(basic.isSigned(by: key))
        #expect(basic.responder == .keyHash(KeyIdentifier.sha1(of: key)))
        return basic
    }

    private func rootARN() async throws -> String {
        let record = try #require(try await api.store.certificateAuthority(fixture.id))
        let fields = try CertificateFields(derEncoded: try #require(record.certificate))
        let serial = fields.serialNumber.dropFirst(2).drop { $0 == 0 }
        return "$root/certificate/\(CertificateRecord.text(ofSerialNumber: serial))"
    }

    private func failure(_ octets: [UInt8]) -> OCSPResponse.Failure? {
        OCSPResponse.Failure.allCases.first { OCSPResponse.encoded($0) == octets }
    }

    @Test func `a certificate is good until it is revoked, by each hash function`() async throws {
        for algorithm in CertificateID.HashAlgorithm.allCases {
            let request = try scenario.statusRequest(scenario.filled("$serial"), algorithm)
            let basic = try await response(request)
            #expect(basic.responses.map(\.status) == [.good])
            #expect(basic.responses.first?.certificate == (try OCSPRequest(derEncoded: request)).certificates[0])
            let now = Int64(api.time.now.timeIntervalSince1970)
            #expect(basic.responses[0].thisUpdate.secondsSinceEpoch == now - 300)
            #expect(basic.responses[0].nextUpdate?.secondsSinceEpoch == now + 3600)
            #expect(basic.producedAt.secondsSinceEpoch == now)
        }
        #expect(await fixture.revoke("$serial", reason: "CESSATION_OF_OPERATION") == nil)
        let basic = try await response(scenario.statusRequest(scenario.filled("$serial")))
        let now = try #require(CivilTime(api.time.now))
        #expect(basic.responses.map(\.status) == [.revoked(at: now, reason: 5)])
        #expect(basic.responses[0].thisUpdate == now, "not before the revocation")
        let unspecified = String(try await fixture.issue().suffix(32))
        #expect(await fixture.revoke(unspecified, reason: "UNSPECIFIED") == nil)
        #expect(
            try await response(scenario.statusRequest(unspecified)).responses.map(\.status)
                == [.revoked(at: now, reason: nil)])
    }

    @Test func `a serial number that was never issued is unknown, or revoked by configuration`() async throws {
        let request = try scenario.statusRequest("0102030405060708090a0b0c0d0e0f10")
        let basic = try await response(request)
        #expect(basic.responses.map(\.status) == [.unknown] && !basic.hasExtendedRevoked)
        let strict = try await RevocationFixture(
            ocsp: OCSPSettings(url: "http://o.example.test", callsUnissuedRevoked: true))
        try await Self.enable(strict)
        let octets = try await Self.ask(request, of: strict.api)
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
        let entry = Self.der(0x30, identifier + Self.der(0x04, nonce))
        let request = Self.der(
            0x30, Self.der(0x30, Self.der(0x30, list) + Self.der(0xA2, Self.der(0x30, entry))))
        let basic = try await response(request)
        #expect(basic.responses.map(\.status) == [.good, .unknown, .unknown])
        #expect(basic.nonce == nonce)
        let without = try await response(scenario.statusRequest(scenario.filled("$serial")))
        #expect(without.nonce == nil)
    }

    private static func der(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let count = contents.count
        if count < 128 { return [tag, UInt8(count)] + contents }
        let octets = count < 256 ? [UInt8(count)] : [UInt8(count >> 8), UInt8(count & 255)]
        return [tag, 0x80 | UInt8(octets.count)] + octets + contents
    }

    @Test func `a thousand requests are one intent, whose end says how many`() async throws {
        let before = api.events.count
        let request = try scenario.statusRequest(scenario.filled("$serial"), nonce: [1, 2, 3])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<125 { _ = try? await ask(request) } }
            }
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
        _ = try await ask(request)
        #expect(Array(api.events.dropFirst(before)) == ["SignatureIntent", "SignatureOutcome", "SignatureIntent"])
    }

    @Test func `after a crash the log says how many responses there can be`() async throws {
        _ = try await ask(scenario.statusRequest(scenario.filled("$serial")))
        let restarted = try scenario.restarted().api
        try await restarted.useCases.concludeUnfinishedWork()
        #expect(try await restarted.store.unresolvedIntents().isEmpty)
        let outcome = try restarted.store.events.map { try JSONValue(parsing: $0) }
            .last { $0["eventName"] == "SignatureOutcome" }?["serviceEventDetails"]
        #expect(outcome?["status"]?.stringValue == "UNRESOLVED")
        #expect(outcome?["signatures"]?.stringValue == "100000")
    }

    @Test func `the authority's own key signs by configuration, with an intent for each response`() async throws {
        let direct = try await RevocationFixture(
            ocsp: OCSPSettings(url: "http://o.example.test", signer: .authority))
        try await Self.enable(direct)
        let before = direct.api.events.count
        let request = try direct.scenario.statusRequest(direct.scenario.filled("$serial"))
        for _ in 0..<2 {
            let basic = try await response(request, of: direct.api)
            let root = try #require(try await direct.api.store.certificateAuthority(direct.id)?.certificate)
            #expect(basic.certificates == [root] && basic.responses.map(\.status) == [.good])
        }
        #expect(
            Array(direct.api.events.dropFirst(before)) == [
                "SignatureIntent", "SignatureOutcome", "SignatureIntent", "SignatureOutcome",
            ])
    }

    @Test func `a responder's certificate is renewed at half of its life, with the same key`() async throws {
        let first = try #require(try await api.store.responder(of: fixture.id))
        let names = ["ResponderKeyGenerated", "SignatureIntent", "IssueCertificateDetails"]
        #expect(api.events.filter { names.contains($0) }.suffix(3) == names[...])
        api.time.advance(3.4 * 86_400)
        _ = try await api.useCases.publication.maintainResponders()
        #expect(try await api.store.responder(of: fixture.id) == first)
        api.time.advance(0.1 * 86_400)
        _ = try await api.useCases.publication.maintainResponders()
        let second = try #require(try await api.store.responder(of: fixture.id))
        #expect(second.certificate != first.certificate && second.keyIdentifier == first.keyIdentifier)
        let basic = try await response(scenario.statusRequest(scenario.filled("$serial")))
        #expect(basic.certificates == [try #require(second.certificate)])
        // It is in reports, as every certificate of the authority.
        let issued = try await api.store.issuedCertificates(of: fixture.id, after: nil, limit: 100)
        #expect(issued.count { $0.requester.hasSuffix(":signetd") } == 2)
        // The responder goes on when OCSP is no longer in new certificates.
        #expect(
            await fixture.update(#""RevocationConfiguration": {"OcspConfiguration": {"Enabled": false}}"#) == nil)
        _ = try await response(scenario.statusRequest(scenario.filled("$serial")))
    }

    @Test func `a response never outlasts the responder's certificate`() async throws {
        api.time.advance(7 * 86_400 - 600)
        let basic = try await response(scenario.statusRequest(scenario.filled("$serial")))
        let now = Int64(api.time.now.timeIntervalSince1970)
        #expect(basic.responses[0].nextUpdate?.secondsSinceEpoch == now + 600)
        api.time.advance(601)
        #expect(
            failure(try await ask(scenario.statusRequest(scenario.filled("$serial")))) == .tryLater,
            "the certificate has ended")
    }

    @Test func `a token that fails is tried again, and the attempt is recorded once`() async throws {
        api.time.advance(4 * 86_400)
        api.custody.fail(with: .init("unplugged"))
        for _ in 0..<3 { _ = try await api.useCases.publication.maintainResponders() }
        #expect(api.events.count { $0 == "ResponderNotRenewed" } == 1)
        #expect(await api.useCases.publication.maintainResponders.problem != nil)
        #expect(failure(try await ask(scenario.statusRequest(scenario.filled("$serial")))) == .tryLater)
        api.custody.fail(with: nil)
        _ = try await api.useCases.publication.maintainResponders()
        #expect(await api.useCases.publication.maintainResponders.problem == nil)
        #expect(try await response(scenario.statusRequest(scenario.filled("$serial"))).responses.count == 1)
    }

    @Test func `after a restore nothing is signed before the published CRL was read`() async throws {
        let restarted = try scenario.restarted().api
        let request = try scenario.statusRequest(scenario.filled("$serial"))
        #expect(failure(try await Self.ask(request, of: restarted)) == .tryLater)
        _ = try await restarted.useCases.publication.publishCertificateLists()
        #expect(failure(try await Self.ask(request, of: restarted)) == nil)
    }

    @Test func `states: DISABLED keeps OCSP, EXPIRED ends it`() async throws {
        let request = try scenario.statusRequest(scenario.filled("$serial"))
        #expect(await fixture.update(#""Status": "DISABLED""#) == nil)
        #expect(try await response(request).responses.map(\.status) == [.good])
        api.time.advance(11 * 365 * 86_400)
        #expect(failure(try await ask(request)) == .unauthorized)
    }

    @Test func `requests that are not answered write no event`() async throws {
        let before = api.events.count
        let own = try scenario.certificateID(scenario.filled("$serial"))
        let good = OCSPRequest.encoded(own)
        let unknown = try scenario.certificateID(scenario.filled("$serial"), of: "second")
        let many = Self.der(
            0x30,
            Self.der(
                0x30,
                Self.der(
                    0x30, (0..<101).map { _ in Self.der(0x30, own.derBytes) }.reduce([], +))))
        let cases: [(String, [UInt8], OCSPResponse.Failure)] = [
            ("empty", [0x30, 0x00], .malformedRequest), ("trailing", good + [0], .malformedRequest),
            ("cut", Array(good.dropLast()), .malformedRequest), ("text", Array("GET /".utf8), .malformedRequest),
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
            #expect(failure(try await ask(request)) == expected, "\(name)")
        }
        #expect(api.events.count == before)
        // The longest nonce is taken.
        let longest = OCSPRequest.encoded(own, nonce: [UInt8](repeating: 1, count: 128))
        #expect(try await response(longest).nonce?.count == 131)
    }

    /// A request with another hash function.
    private static func with(_ certificate: CertificateID, algorithm: [UInt8]) -> [UInt8] {
        let old = Self.der(0x30, [0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00])
        let new = Self.der(0x30, Self.der(0x06, algorithm))
        let contents = new + certificate.derBytes.dropFirst(2 + old.count)
        return Self.der(0x30, Self.der(0x30, Self.der(0x30, Self.der(0x30, Self.der(0x30, contents)))))
    }

    @Test func `a principal that may not ask is refused, and a flood is recorded once`() async throws {
        let request = try scenario.statusRequest(scenario.filled("$serial"))
        let before = api.events.count
        var answers: Set<String> = []
        for _ in 0..<20 {
            let answer = await api.call(
                "Signet.GetOCSPResponse", #"{"OcspRequest": "\#(Data(request).base64EncodedString())"}"#,
                as: .outsider)
            switch answer {
            case .success(let value):
                let text = value["OcspResponse"]?.stringValue ?? ""
                answers.insert("\(failure(Array(Data(base64Encoded: text) ?? Data())).map { "\($0)" } ?? "status")")
            case .failure(let error): answers.insert(error.code)
            }
        }
        #expect(answers == ["AccessDeniedException", "unauthorized"])
        #expect(Array(api.events.dropFirst(before)) == ["GetOCSPResponse: AccessDeniedException"])
    }

    @Test func `certificates name the responder`() async throws {
        let arn = try await fixture.issue()
        let access = try await fixture.certificate(arn).extensions.authorityInformationAccess
        #expect(access?.map(\.location) == [.uniformResourceIdentifier("http://ocsp.example.test")])
        #expect(
            await fixture.update(
                #""RevocationConfiguration": {"OcspConfiguration": {"Enabled": true, "OcspCustomCname": "o.example.test:8080"}}"#
            ) == nil)
        let custom = try await fixture.certificate(try await fixture.issue()).extensions
        #expect(
            try custom.authorityInformationAccess?.map(\.location)
                == [.uniformResourceIdentifier("http://o.example.test:8080")])
        #expect(
            await fixture.update(#""RevocationConfiguration": {"OcspConfiguration": {"Enabled": false}}"#) == nil)
        let none = try await fixture.certificate(try await fixture.issue()).extensions
        #expect(try none.authorityInformationAccess == nil)
    }

    @Test func `a responder needs a URL, and a key of its own`() async throws {
        let enable = #""RevocationConfiguration": {"OcspConfiguration": {"Enabled": true}}"#
        let without = try await RevocationFixture(ocsp: OCSPSettings())
        #expect(await without.update(enable)?.code == "InvalidArgsException")
        for name in ["http://x", "a b", "-a.test", "a-.test", "a..b", "a:0", "a:65536", "a:080", "a:", ":80", "e\u{301}.test"] {
            let members =
                #""RevocationConfiguration": {"OcspConfiguration": {"Enabled": true, "OcspCustomCname": "\#(name)"}}"#
            #expect(await fixture.update(members)?.code == "InvalidArgsException", "\(name)")
        }
        #expect(
            await fixture.update(
                #""RevocationConfiguration": {"OcspConfiguration": {"Enabled": false, "OcspCustomCname": "a.test"}}"#
            )?.code == "InvalidArgsException")
    }

    @Test func `no certificate is issued for a responder's key`() async throws {
        let responder = try #require(try await api.store.responder(of: fixture.id))
        let key = try #require(api.custody.privateKey(responder.keyIdentifier))
        let csr = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName("x.example.test") }, privateKey: key,
            attributes: .init(), signatureAlgorithm: .ecdsaWithSHA256
        ).serializeAsPEM().pemString
        let input = Scenario.issue.replacing("$csr", with: Data(csr.utf8).base64EncodedString())
        #expect(
            await api.refusal("ACMPrivateCA.IssueCertificate", scenario.filled(input)) == "InvalidArgsException")
    }
}
