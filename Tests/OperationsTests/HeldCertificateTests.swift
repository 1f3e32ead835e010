import Crypto
import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import Publication
import SoftwareKeys
import Storage
import SwiftASN1
import Testing
import X509
import _CryptoExtras

/// Certificates that were signed elsewhere, and revocations that the certificate's own key asks for.
@Suite(.timeLimit(.minutes(5)))
struct HeldCertificateTests {
    private let fixture: RevocationFixture
    private var scenario: Scenario { fixture.scenario }
    private var api: InMemoryAPI { fixture.api }

    init() async throws { fixture = try await RevocationFixture() }

    private func authorityKey() async throws -> Certificate.PrivateKey {
        let record = try #require(try await api.store.certificateAuthority(fixture.id))
        return try #require(api.custody.privateKey(record.keyIdentifier))
    }

    /// A certificate that the root's key signed without the daemon.
    private func elsewhere(
        _ serialNumber: [UInt8], key: Certificate.PrivateKey = .init(P256.Signing.PrivateKey()),
        issuer: String = "root", signedBy signer: Certificate.PrivateKey? = nil
    ) async throws -> Certificate {
        let issuerKey: Certificate.PrivateKey
        if let signer { issuerKey = signer } else { issuerKey = try await authorityKey() }
        return try Certificate(
            version: .v3, serialNumber: .init(bytes: serialNumber), publicKey: key.publicKey,
            notValidBefore: api.time.now - 3600, notValidAfter: api.time.now + 86_400,
            issuer: DistinguishedName { CommonName(issuer) },
            subject: DistinguishedName { CommonName("elsewhere.example.test") },
            signatureAlgorithm: .ecdsaWithSHA256, extensions: .init(), issuerPrivateKey: issuerKey)
    }

    private func importing(_ certificate: Certificate) async throws -> Result<JSONValue, APIError> {
        let pem = Data(try certificate.serializeAsPEM().pemString.utf8).base64EncodedString()
        return await api.call(
            "Signet.ImportIssuedCertificate",
            scenario.filled(#"{"CertificateAuthorityArn": "$root", "Certificate": "\#(pem)"}"#))
    }

    private func proof(
        _ key: Certificate.PrivateKey, _ arn: String, _ reason: String = "KEY_COMPROMISE",
        _ algorithm: Certificate.SignatureAlgorithm = .ecdsaWithSHA256
    ) throws -> [UInt8] {
        let text = "signet-revocation-v1\n\(arn)\n\(reason)\n"
        return Array(try key.sign(bytes: Array(text.utf8), signatureAlgorithm: algorithm).rawRepresentation)
    }

    private func revoke(
        _ serial: String, _ proof: [UInt8], _ reason: String = "KEY_COMPROMISE",
        as user: InMemoryAPI.User = .administrator
    ) async -> String? {
        await api.refusal(
            "Signet.RevokeHeldCertificate",
            scenario.filled(
                #"{"CertificateAuthorityArn": "$root", "CertificateSerial": "\#(serial)", "RevocationReason": "\#(reason)", "ProofSignature": "\#(Data(proof).base64EncodedString())"}"#
            ), as: user)
    }

    @Test(arguments: [[1], [0x7F] + [UInt8](repeating: 0xAB, count: 19), [0x00, 0x80]] as [[UInt8]])
    func `a certificate signed elsewhere is shown, has a status, and can be revoked`(
        _ serialNumber: [UInt8]
    ) async throws {
        try await fixture.enableStatus()
        let significant = Array(serialNumber.drop { $0 == 0 })
        let certificate = try await elsewhere(significant)
        let arn = try #require(try await importing(certificate).get()["CertificateArn"]?.stringValue)
        #expect(try await fixture.certificate(arn) == certificate)
        #expect(api.events.contains("ImportIssuedCertificate"))
        let serial = significant.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let request = try scenario.statusRequest(serial)
        #expect(try await fixture.response(request).responses.map(\.status) == [.good])
        // Once only.
        guard case .failure(let again) = try await importing(certificate) else {
            Issue.record("imported twice")
            return
        }
        #expect(again.code == "RequestAlreadyProcessedException")
        #expect(await fixture.revoke(serial) == nil)
        await fixture.publish()
        #expect(try fixture.serials(fixture.list()) == [serial])
        let now = try #require(CivilTime(api.time.now))
        #expect(try await fixture.response(request).responses.map(\.status) == [.revoked(at: now, reason: 1)])
    }

    @Test func `what the authority did not sign is not imported`() async throws {
        let foreign = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let cases: [(String, Certificate, String)] = [
            ("another key", try await elsewhere([5], signedBy: foreign), "CertificateMismatchException"),
            ("another issuer", try await elsewhere([5], issuer: "other"), "CertificateMismatchException"),
            ("the authority's own", try await elsewhere([5], key: authorityKey()), "InvalidRequestException"),
            (
                "one that was issued here", try await fixture.certificate(scenario.filled("$leaf")),
                "RequestAlreadyProcessedException"
            ),
            (
                "21 octets", try await elsewhere([UInt8](repeating: 0x11, count: 21)),
                "MalformedCertificateException"
            ),
        ]
        let before = try await api.store.issuedCertificates(of: fixture.id, after: nil, limit: 100).count
        for (name, certificate, code) in cases {
            guard case .failure(let error) = try await importing(certificate) else {
                Issue.record("imported \(name)")
                continue
            }
            #expect(error.code == code, "\(name): \(error.message)")
        }
        for text in ["", "x", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"] {
            let pem = Data(text.utf8).base64EncodedString()
            let code = await api.refusal(
                "Signet.ImportIssuedCertificate",
                scenario.filled(#"{"CertificateAuthorityArn": "$root", "Certificate": "\#(pem)"}"#))
            #expect(
                code == (text.isEmpty ? "ValidationException" : "MalformedCertificateException"), "\(text)")
        }
        let pending = scenario.filled(#"{"CertificateAuthorityArn": "$second", "Certificate": "eA=="}"#)
        #expect(await api.refusal("Signet.ImportIssuedCertificate", pending) == "InvalidStateException")
        #expect(
            try await api.store.issuedCertificates(of: fixture.id, after: nil, limit: 100).count == before)
    }

    private static let kinds: [(String, Certificate.PrivateKey, Certificate.SignatureAlgorithm)] = [
        ("P-256", .init(P256.Signing.PrivateKey()), .ecdsaWithSHA256),
        ("P-384", .init(P384.Signing.PrivateKey()), .ecdsaWithSHA384),
        ("P-521", .init(P521.Signing.PrivateKey()), .ecdsaWithSHA512),
        ("Ed25519", .init(Curve25519.Signing.PrivateKey()), .ed25519),
    ]

    @Test(arguments: [0, 1, 2, 3]) func `the key of a certificate can end it`(_ kind: Int) async throws {
        let (_, key, algorithm) = Self.kinds[kind]
        let arn = try #require(
            try await importing(elsewhere([0x21], key: key)).get()["CertificateArn"]?.stringValue)
        #expect(await revoke("21", try proof(key, arn, "KEY_COMPROMISE", algorithm)) == nil)
        #expect(api.events.last == "RevokeHeldCertificate")
        await fixture.publish()
        #expect(try fixture.serials(fixture.list()) == ["21"])
        #expect(
            try await api.store.revocation(serialNumber: [0x21], of: fixture.id)?.reason == .keyCompromise)
        #expect(
            await revoke("21", try proof(key, arn, "KEY_COMPROMISE", algorithm))
                == "RequestAlreadyProcessedException")
    }

    @Test func `an RSA key can end its certificate`() async throws {
        let key = Certificate.PrivateKey(try _RSA.Signing.PrivateKey(keySize: .bits2048))
        let arn = try #require(
            try await importing(elsewhere([0x22], key: key)).get()["CertificateArn"]?.stringValue)
        #expect(
            await revoke("22", try proof(key, arn, "KEY_COMPROMISE", .sha256WithRSAEncryption)) == nil)
    }

    @Test func `a proof is for one certificate, one reason and one key`() async throws {
        let (key, other) = (
            Certificate.PrivateKey(P256.Signing.PrivateKey()),
            Certificate.PrivateKey(P256.Signing.PrivateKey())
        )
        let arn = try #require(
            try await importing(elsewhere([0x21], key: key)).get()["CertificateArn"]?.stringValue)
        _ = try await importing(elsewhere([0x23], key: key)).get()
        var altered = try proof(key, arn)
        altered[altered.count - 1] ^= 1
        let cases: [(String, [UInt8], String)] = [
            ("another key", try proof(other, arn), "21"), ("an altered one", altered, "21"),
            ("another reason", try proof(key, arn, "SUPERSEDED"), "21"),
            ("another certificate of the key", try proof(key, arn), "23"),
            ("another authority", try proof(key, arn.replacing(fixture.id, with: "x")), "21"),
            (
                "text without a domain",
                Array(
                    try key.sign(
                        bytes: Array("\(arn)\nKEY_COMPROMISE\n".utf8), signatureAlgorithm: .ecdsaWithSHA256
                    ).rawRepresentation), "21"
            ),
            ("octets", [1], "21"),
        ]
        for (name, proof, serial) in cases {
            #expect(await revoke(serial, proof) == "InvalidRequestException", "\(name)")
        }
        #expect(await revoke("22", try proof(key, arn)) == "ResourceNotFoundException")
        #expect(await revoke("21", []) == "ValidationException")
        #expect(await revoke("21", try proof(key, arn), as: .outsider) == "AccessDeniedException")
        #expect(try await api.store.revocation(serialNumber: [0x21], of: fixture.id) == nil)
    }

    @Test func `the freshness of the CRL and of the responder is shown`() async throws {
        let input = scenario.filled(#"{"CertificateAuthorityArn": "$root"}"#)
        let before = try await api.call("Signet.DescribeRevocation", input).get()
        #expect(before["OcspResponder"] == nil)
        try await fixture.enableStatus()
        #expect(await fixture.revoke("$serial") == nil)
        await fixture.publish()
        let output = try await api.call("Signet.DescribeRevocation", input).get()
        let list = try #require(output["CertificateRevocationList"])
        #expect(list["Entries"] == .integer(1))
        #expect(list["Number"]?.stringValue == "\(try fixture.number(fixture.list()))")
        #expect(output["OcspResponder"]?["NotAfter"] != nil)
        let second = try await api.call(
            "Signet.DescribeRevocation", scenario.filled(#"{"CertificateAuthorityArn": "$second"}"#)
        ).get()
        #expect(second["CertificateRevocationList"] == nil)
    }
}
