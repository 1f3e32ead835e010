import Audit
import Foundation
import Issuance
import PKIX
internal import SwiftASN1
import TestSupport
import Testing
import X509

struct IssuerTests {
    @Test func `a certificate has the content of the template and the request`() async throws {
        let fixture = try TestAuthority()
        let csr = try OpenSSLRequest.make(subject: "/C=SE/CN=a.example", names: "DNS:a.example,IP:10.0.0.1")
        let linted = try fixture.prepare(fixture.request(csr: csr))
        let der = try await fixture.sign(linted)
        let certificate = try Certificate(derEncoded: der)
        let key = try Certificate.PublicKey(derEncoded: fixture.authority.subjectPublicKey.derBytes)
        #expect(key.isValidSignature(certificate.signature, for: certificate))
        #expect(Array(certificate.serialNumber.bytes) == TestAuthority.serialNumber)
        #expect(certificate.subject.description == "CN=a.example,C=SE")
        #expect(certificate.issuer == fixture.name)
        let now = Date(timeIntervalSince1970: TimeInterval(TestAuthority.now.secondsSinceEpoch))
        #expect(certificate.notValidBefore == now.addingTimeInterval(-3600))
        #expect(certificate.notValidAfter == now.addingTimeInterval(30 * 86_400))
        #expect(
            certificate.extensions.map(\.oid.description) == [
                "2.5.29.19", "2.5.29.35", "2.5.29.14", "2.5.29.15", "2.5.29.37", "2.5.29.17",
            ])
        #expect(certificate.extensions.map(\.critical) == [false, false, false, true, false, false])
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var template = TestAuthority.endEntity
        var signing = SigningAlgorithm.sha256WithECDSA
        var validity = Validity(value: 30, unit: .days)
        var notBefore: Validity?
        var subject = "/CN=a.example"
        var names: String? = "DNS:a.example"
        let reason: String
    }

    static let refusals = [
        Refusal(
            testDescription: "an unknown template", template: "arn:aws:acm-pca:::template/Nothing/V1",
            reason: "`arn:aws:acm-pca:::template/Nothing/V1` does not exist"),
        Refusal(
            testDescription: "a template ARN of another partition, which policies would not match",
            template: "arn:evil:acm-pca:::template/SubordinateCACertificate_PathLen0/V1",
            reason: "does not exist"),
        Refusal(
            testDescription: "another version of a template",
            template: "arn:aws:acm-pca:::template/EndEntityCertificate/V2", reason: "does not exist"),
        Refusal(
            testDescription: "a template ARN with a region",
            template: "arn:aws:acm-pca:us-local-1::template/EndEntityCertificate/V1", reason: "does not exist"
        ),
        Refusal(
            testDescription: "an ARN that is not of a template",
            template: "arn:aws:acm-pca:::certificate-authority/x", reason: "is not a template ARN"),
        Refusal(
            testDescription: "an algorithm of another kind of key", signing: .sha256WithRSA,
            reason:
                "Signing algorithm SHA256WITHRSA cannot be used with key type EC_prime256v1. Valid signing "
                + "algorithms are: SHA256WITHECDSA, SHA384WITHECDSA, SHA512WITHECDSA."),
        Refusal(
            testDescription: "longer than the authority", validity: Validity(value: 3650, unit: .days),
            reason: "longer than its certificate authority"),
        Refusal(
            testDescription: "a second longer than the authority",
            validity: Validity(value: 1_800_000_000 - 86_400 + 3650 * 86_400 + 1, unit: .absolute),
            reason: "longer than its certificate authority"),
        Refusal(
            testDescription: "an end in the past", validity: Validity(value: 1_700_000_000, unit: .absolute),
            reason: "before it begins"),
        Refusal(
            testDescription: "a nonexistent end",
            validity: Validity(value: 491_331_000_000, unit: .endDate),
            reason: "not a moment a certificate can end at"),
        Refusal(
            testDescription: "a relative start", notBefore: Validity(value: 1, unit: .days),
            reason: "ValidityNotBefore must be of Type ABSOLUTE"),
        Refusal(
            testDescription: "a start after the end",
            notBefore: Validity(value: 1_800_000_000 + 31 * 86_400, unit: .absolute),
            reason: "before it begins"),
        Refusal(
            testDescription: "neither subject nor names", subject: "/", names: nil,
            reason: "neither a subject nor a subject alternative name"),
        Refusal(
            testDescription: "no subject, and names that are not critical", subject: "/",
            reason: "CSR must mark the SAN extension critical when it has an empty subject"),
        Refusal(
            testDescription: "a root template for another key", template: TestAuthority.root,
            reason: "signs only the certificate authority's own CSR"),
    ]

    @Test(arguments: refusals)
    func `a request that must not be issued is refused with the reason`(_ entry: Refusal) throws {
        let fixture = try TestAuthority()
        let csr = try OpenSSLRequest.make(subject: entry.subject, names: entry.names)
        let request = fixture.request(
            csr: csr, template: entry.template, signing: entry.signing, validity: entry.validity,
            notBefore: entry.notBefore)
        let error = #expect(throws: IssuanceError.self) { _ = try fixture.prepare(request).digest }
        #expect(error?.description.contains(entry.reason) == true, "\(String(describing: error))")
    }

    @Test func `an end at the same second as the authority's is accepted`() throws {
        let fixture = try TestAuthority()
        let end = Int64(1_800_000_000 - 86_400 + 3650 * 86_400)
        let csr = try OpenSSLRequest.make()
        let linted = try fixture.prepare(
            fixture.request(csr: csr, validity: Validity(value: end, unit: .absolute)))
        #expect(linted.notAfter.secondsSinceEpoch == end)
    }

    @Test func `an empty subject with critical names is issued`() throws {
        let fixture = try TestAuthority()
        let csr = try OpenSSLRequest.make(subject: "/", names: "critical,URI:spiffe://example.org/web")
        _ = try fixture.prepare(fixture.request(csr: csr)).digest
    }

    @Test func `a common name of more than 64 characters is refused`() throws {
        let fixture = try TestAuthority()
        // OpenSSL enforces the limit itself, so another library makes the request.
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName { CommonName(String(repeating: "ä", count: 65)) },
            privateKey: .init(fixture.key), attributes: .init(), signatureAlgorithm: .ecdsaWithSHA256)
        let csr = try request.serializeAsPEM().pemString
        let error = #expect(throws: IssuanceError.self) {
            _ = try fixture.prepare(fixture.request(csr: csr)).digest
        }
        #expect(error?.description.contains("more than 64 characters") == true)
    }

    @Test func `short-lived authorities issue for at most seven days, to the second`() throws {
        let fixture = try TestAuthority(longestValidity: 7 * 86_400)
        let csr = try OpenSSLRequest.make()
        _ = try fixture.prepare(fixture.request(csr: csr, validity: Validity(value: 7, unit: .days)))
            .digest
        let longer = fixture.request(
            csr: csr, validity: Validity(value: 1_800_000_000 + 7 * 86_400 + 1, unit: .absolute))
        #expect(throws: IssuanceError.self) { _ = try fixture.prepare(longer).digest }
    }

    @Test func `the path length of the issuer is enforced`() throws {
        let csr = try OpenSSLRequest.make(subject: "/CN=Sub", names: nil)
        for (pathLength, isAllowed) in [(nil, true), (2, true), (1, true), (0, false)] as [(Int?, Bool)] {
            let fixture = try TestAuthority(pathLength: pathLength)
            let request = fixture.request(csr: csr, template: TestAuthority.subordinate)
            if isAllowed {
                _ = try fixture.prepare(request).digest
            } else {
                #expect(throws: IssuanceError.self) { _ = try fixture.prepare(request).digest }
            }
        }
    }

    @Test func `path lengths of higher authorities are enforced too`() throws {
        let csr = try OpenSSLRequest.make(subject: "/CN=Sub", names: nil)
        for (parent, isAllowed) in [(2, true), (1, false)] {
            let above = try #require(try TestAuthority(pathLength: parent).authority.certificate)
            let fixture = try TestAuthority(ancestors: [above])
            let request = fixture.request(csr: csr, template: TestAuthority.subordinate)
            if isAllowed {
                _ = try fixture.prepare(request).digest
            } else {
                #expect(throws: IssuanceError.self) { _ = try fixture.prepare(request).digest }
            }
        }
    }

    @Test func `a root signs its own request`() throws {
        let fixture = try TestAuthority()
        _ = try fixture.prepare(
            fixture.request(csr: try fixture.ownRequest(), template: TestAuthority.root)
        ).digest
    }
}
