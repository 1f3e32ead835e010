import Authorities
import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import Publication
import Signing
import SoftwareKeys
import Storage
import SwiftASN1
import Testing
import X509

/// The keys and certificates of OCSP responders, and what certificates say of them.
@Suite(.timeLimit(.minutes(5)))
struct ResponderMaintenanceTests {
    private let fixture: RevocationFixture
    private var scenario: Scenario { fixture.scenario }
    private var api: InMemoryAPI { fixture.api }

    init() async throws {
        fixture = try await RevocationFixture()
        try await fixture.enableStatus()
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
        let basic = try await fixture.response(scenario.statusRequest(scenario.filled("$serial")))
        #expect(basic.certificates == [try #require(second.certificate)])
        // It is in reports, as every certificate of the authority.
        let issued = try await api.store.issuedCertificates(of: fixture.id, after: nil, limit: 100)
        #expect(issued.count { $0.requester.hasSuffix(":signetd") } == 2)
        // The responder goes on when OCSP is no longer in new certificates.
        #expect(
            await fixture.update(#""RevocationConfiguration": {"OcspConfiguration": {"Enabled": false}}"#)
                == nil)
        _ = try await fixture.response(scenario.statusRequest(scenario.filled("$serial")))
    }

    @Test func `a token that fails is tried again, and the attempt is recorded once`() async throws {
        api.time.advance(4 * 86_400)
        api.custody.fail(with: .init("unplugged"))
        for _ in 0..<3 { _ = try await api.useCases.publication.maintainResponders() }
        #expect(api.events.count { $0 == "ResponderNotRenewed" } == 1)
        #expect(await api.useCases.publication.maintainResponders.problem != nil)
        #expect(
            fixture.failure(try await fixture.ask(scenario.statusRequest(scenario.filled("$serial"))))
                == .tryLater)
        api.custody.fail(with: nil)
        _ = try await api.useCases.publication.maintainResponders()
        #expect(await api.useCases.publication.maintainResponders.problem == nil)
        #expect(
            try await fixture.response(scenario.statusRequest(scenario.filled("$serial"))).responses.count
                == 1)
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
            await fixture.update(#""RevocationConfiguration": {"OcspConfiguration": {"Enabled": false}}"#)
                == nil)
        let none = try await fixture.certificate(try await fixture.issue()).extensions
        #expect(try none.authorityInformationAccess == nil)
    }

    @Test func `a certificate without revocation names neither a CRL nor a responder`() async throws {
        #expect(
            await fixture.update(
                #""RevocationConfiguration": {"CrlConfiguration": {"Enabled": true, "ExpirationInDays": 7}}"#)
                == nil)
        let template = "BlankEndEntityCertificate_APIPassthrough"
        let input = Scenario.issue.replacing("EndEntityCertificate", with: template)
        let with = try await api.value(
            "CertificateArn", of: "ACMPrivateCA.IssueCertificate", scenario.filled(input))
        let named = try await fixture.certificate(with).extensions
        #expect(try named.authorityInformationAccess != nil)
        #expect(named[oid: [2, 5, 29, 31]] != nil)
        // noRevAvail (RFC 9608), as a template of the operator's would have it.
        let custom = input.replacing(
            #""Validity""#,
            with:
                #""ApiPassthrough": {"Extensions": {"CustomExtensions": [{"ObjectIdentifier": "2.5.29.56", "Value": "BQA="}]}}, "Validity""#
        )
        let without = try await api.value(
            "CertificateArn", of: "ACMPrivateCA.IssueCertificate", scenario.filled(custom))
        let bare = try await fixture.certificate(without).extensions
        #expect(bare[oid: [2, 5, 29, 56]] != nil)
        #expect(try bare.authorityInformationAccess == nil)
        #expect(bare[oid: [2, 5, 29, 31]] == nil)
    }

    @Test func `a responder needs a URL, and a key of its own`() async throws {
        let enable = #""RevocationConfiguration": {"OcspConfiguration": {"Enabled": true}}"#
        let without = try await RevocationFixture(ocsp: OCSPSettings())
        #expect(await without.update(enable)?.code == "InvalidArgsException")
        for name in [
            "http://x", "a b", "-a.test", "a-.test", "a..b", "a:0", "a:65536", "a:080", "a:", ":80",
            "e\u{301}.test",
        ] {
            let members =
                #""RevocationConfiguration": {"OcspConfiguration": {"Enabled": true, "OcspCustomCname": "\#(name)"}}"#
            #expect(await fixture.update(members)?.code == "InvalidArgsException", "\(name)")
        }
        #expect(
            await fixture.update(
                #""RevocationConfiguration": {"OcspConfiguration": {"Enabled": false, "OcspCustomCname": "a.test"}}"#
            )?.code == "InvalidArgsException")
    }

    @Test func `where keys come from ceremonies, only the authority's own key can sign`() async throws {
        let enable = #""RevocationConfiguration": {"OcspConfiguration": {"Enabled": true}}"#
        let ceremonial = try fixture.restarted(makesKeys: false)
        #expect(await ceremonial.update(enable)?.code == "InvalidArgsException")
        let direct = try scenario.restarted(
            ocsp: OCSPSettings(url: "http://o.example.test", signer: .authority), makesKeys: false)
        let input = direct.filled(#"{"CertificateAuthorityArn": "$root", \#(enable)}"#)
        #expect(await direct.api.refusal("ACMPrivateCA.UpdateCertificateAuthority", input) == nil)
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
            await api.refusal("ACMPrivateCA.IssueCertificate", scenario.filled(input))
                == "InvalidArgsException")
    }
}
