import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import Publication
import RecordKeeping
import SoftwareKeys
import Storage
import SwiftASN1
import Testing
import X509

/// RevokeCertificate.
@Suite(.timeLimit(.minutes(5)))
struct RevocationTests {
    private let fixture: RevocationFixture

    init() async throws { fixture = try await RevocationFixture() }

    /// A serial number in the forms that clients send.
    static let forms: [@Sendable (String) -> String] = [
        { $0 }, { $0.uppercased() }, { String($0.drop { $0 == "0" }) }, { "000" + $0 },
        { serial in
            stride(from: 0, to: 32, by: 2).map { String(Array(serial)[$0..<$0 + 2]) }.joined(separator: ":")
        },
        { serial in
            // Colons from the left, with a short last group.
            let odd = Array(String(serial.drop { $0 == "0" }))
            return stride(from: 0, to: odd.count, by: 2).map {
                String(odd[$0..<min($0 + 2, odd.count)])
            }.joined(separator: ":")
        },
    ]

    @Test(arguments: forms.indices)
    func `a serial number is a number, however it is written`(_ form: Int) async throws {
        #expect(await fixture.revoke(Self.forms[form](fixture.scenario.filled("$serial"))) == nil)
        #expect(fixture.api.events.last == "RevokeCertificate")
    }

    @Test(
        arguments: [
            "", "xyz", ":", "0", "00:00", "1::2", "12:", ":12", String(repeating: "f", count: 41), "0x12",
            "1\u{301}2",
        ])
    func `a text that is no serial number is refused`(_ text: String) async throws {
        let error = await fixture.revoke(text)
        #expect(error?.code == "InvalidRequestException", "\(text): \(String(describing: error))")
        #expect(fixture.api.events.last == "RevokeCertificate: InvalidRequestException")
    }

    @Test func `a certificate is revoked once, by its own authority`() async throws {
        #expect(await fixture.revoke("12345678901234567890123456789012")?.code == "ResourceNotFoundException")
        let foreign = await fixture.revoke("$serial", of: "$second")
        #expect(foreign?.code == "ResourceNotFoundException")
        #expect(await fixture.revoke("$serial") == nil)
        let again = await fixture.revoke("$serial", reason: "SUPERSEDED")
        #expect(again?.code == "RequestAlreadyProcessedException")
        let kept = try await fixture.api.store.revocation(
            serialNumber: try #require(SerialNumberText.octets(fixture.scenario.filled("$serial"))),
            of: fixture.id)
        #expect(kept?.reason == .keyCompromise)
        // The certificate can still be fetched.
        #expect(
            await fixture.api.refusal(
                "ACMPrivateCA.GetCertificate",
                fixture.scenario.filled(
                    #"{"CertificateAuthorityArn": "$root", "CertificateArn": "$leaf"}"#)) == nil)
    }

    @Test func `a root cannot revoke itself, imported or not`() async throws {
        for name in ["root", "second"] {
            let issued = try await fixture.api.store.issuedCertificates(
                of: String(fixture.scenario.filled("$\(name)").suffix(36)), after: nil, limit: 9)
            let own = issued.first { $0.templateARN.hasSuffix("RootCACertificate/V1") }
            let serial = try #require(own?.serialNumber)
            let error = await fixture.revoke(serial, of: "$\(name)")
            #expect(error?.code == "InvalidRequestException")
            #expect(error?.message == "Self-signed certificate can not be revoked")
        }
    }

    @Test func `a disabled authority revokes and does not issue; an expired certificate is not revoked`()
        async throws
    {
        #expect(await fixture.update(#""Status": "DISABLED""#) == nil)
        #expect(
            await fixture.api.refusal(
                "ACMPrivateCA.IssueCertificate", fixture.scenario.filled(Scenario.issue))
                == "InvalidStateException")
        #expect(await fixture.revoke("$serial") == nil)
        await fixture.publish()
        #expect(try fixture.serials(fixture.list()) == [fixture.scenario.filled("$serial")])
        #expect(await fixture.update(#""Status": "ACTIVE""#) == nil)
        #expect(await fixture.update(#""Status": "ACTIVE""#) == nil)
        let brief = String(try await fixture.issue(days: 1).suffix(32))
        fixture.api.time.advance(2 * 86_400)
        #expect(await fixture.revoke(brief)?.code == "InvalidStateException")
    }
}
