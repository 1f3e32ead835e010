import AuditLog
import Authorities
import Crypto
import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import RecordKeeping
import SoftwareKeys
import Storage
import SwiftASN1
import Testing
import X509

/// Creating, adopting and activating authorities.
@Suite(.timeLimit(.minutes(5)))
struct AuthorityTests {
    private static let create = "ACMPrivateCA.CreateCertificateAuthority"
    private static let adopt = "Signet.AdoptCertificateAuthority"
    private static let importing = "ACMPrivateCA.ImportCertificateAuthorityCertificate"

    /// A request for an authority.
    private static func request(
        subject: String = #""CommonName": "c""#, signing: String = "SHA256WITHECDSA", _ more: String = ""
    ) -> String {
        """
        {\(more)"CertificateAuthorityType": "ROOT", "CertificateAuthorityConfiguration": {
            "KeyAlgorithm": "EC_prime256v1", "SigningAlgorithm": "\(signing)", "Subject": {\(subject)}}}
        """
    }

    private static func status(_ api: InMemoryAPI, _ arn: String) async throws -> String? {
        try await api.call(
            "ACMPrivateCA.DescribeCertificateAuthority", #"{"CertificateAuthorityArn": "\#(arn)"}"#
        ).get()["CertificateAuthority"]?["Status"]?.stringValue
    }

    @Test func `an authority that could not sign or be certified is not made`() async throws {
        let api = try InMemoryAPI()
        for (input, code) in [
            (Self.request(signing: "SHA256WITHRSA"), "InvalidArgsException"),
            (Self.request(subject: ""), "InvalidArgsException"),
            (Self.request(subject: #""CommonName": "a\u0007b""#), "InvalidArgsException"),
            (
                Self.request(#""KeyStorageSecurityStandard": "FIPS_140_2_LEVEL_3_OR_HIGHER", "#),
                "InvalidArgsException"
            ),
        ] { #expect(await api.refusal(Self.create, input) == code, "\(input)") }
        #expect(api.custody.keys.isEmpty)
    }

    @Test func `no key is made where ceremonies make them`() async throws {
        let api = try InMemoryAPI(makesKeys: false)
        #expect(await api.refusal(Self.create, Self.request()) == "InvalidStateException")
        await #expect(throws: CAError.self) { try await api.useCases.auditLog.checkpoints.sign() }
        #expect(api.custody.keys.isEmpty)
    }

    @Test func `an authority is made once for each idempotency token`() async throws {
        let api = try InMemoryAPI()
        func create(_ token: String) async -> Result<JSONValue, APIError> {
            await api.call(Self.create, Self.request(#""IdempotencyToken": "\#(token)", "#))
        }
        let first = try await create("a").get()
        #expect(try await create("a").get() == first)
        #expect(api.custody.keys.count == 1)
        // A failed creation can be requested again.
        api.custody.fail(with: .init("unplugged"))
        if case .success = await create("b") { Issue.record("made") }
        api.custody.fail(with: nil)
        let again = try #require(try await create("b").get()["CertificateAuthorityArn"]?.stringValue)
        #expect(try await Self.status(api, again) == "PENDING_CERTIFICATE")
        // A creation that a crash interrupted has no answer yet.
        api.custody.whenSigned { api.store.refuseCommits(with: .unavailable(reason: "full")) }
        _ = await create("c")
        api.store.refuseCommits(with: nil)
        guard case .failure(let error) = await create("c") else {
            Issue.record("answered")
            return
        }
        #expect(error.code == "RequestInProgressException")
    }

    @Test func `an authority whose key is not made is left failed, and cannot be used`() async throws {
        let api = try InMemoryAPI()
        api.custody.fail(with: .init("unplugged"))
        #expect(await api.refusal(Self.create, Self.request()) == "InternalFailure")
        let record = try #require(try await api.store.certificateAuthorities(after: nil, limit: 1).first)
        #expect(record.status == .failed)
        let arn = "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/\(record.id)"
        #expect(
            await api.refusal(
                "ACMPrivateCA.TagCertificateAuthority",
                #"{"CertificateAuthorityArn": "\#(arn)", "Tags": [{"Key": "k"}]}"#)
                == "InvalidStateException")
    }

    /// The key of one of a scenario's certificates.
    private static func publicKey(_ name: String, _ scenario: Scenario) throws -> Certificate.PublicKey {
        let pem = Data(base64Encoded: scenario.filled(name)) ?? Data()
        return try Certificate(pemEncoded: String(decoding: pem, as: UTF8.self)).publicKey
    }

    /// A request to adopt the key of a ceremony.
    private static func adoption(_ scenario: Scenario, identifier: [UInt8] = [0xCE, 0x01]) -> String {
        let text = identifier.map { String(format: "%02x", $0) }.joined()
        return scenario.filled(#"{"KeyIdentifier": "\#(text)", "Certificate": "$ceremonyCertificate"}"#)
    }

    @Test func `a key is adopted once, and never the log's`() async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        let root = try #require(try await api.store.certificateAuthorities(after: nil, limit: 1).first)
        for (identifier, code) in [
            ([0xAB], "InvalidArgsException"), (root.keyIdentifier, "InvalidStateException"),
        ] {
            #expect(await api.refusal(Self.adopt, Self.adoption(scenario, identifier: identifier)) == code)
        }
        #expect(await api.refusal(Self.adopt, Self.adoption(scenario)) == nil)
        #expect(await api.refusal(Self.adopt, Self.adoption(scenario)) == "InvalidStateException")

        let other = try InMemoryAPI()
        let key = try SubjectPublicKey(Self.publicKey("$ceremonyCertificate", scenario)).derBytes
        try await other.store.commit([
            .recordLogKey(LogKeyRecord(identifier: [1], subjectPublicKeyInfo: key))
        ])
        #expect(await other.refusal(Self.adopt, Self.adoption(scenario)) == "InvalidStateException")

        // The log's key is known before the first checkpoint if a ceremony made it.
        let reserved = try InMemoryAPI(
            like: try await Scenario.copy().api,
            ceremonyKey: .init(
                identifier: [0xCE, 0x01], publicKey: try SubjectPublicKey(derEncoded: key),
                transcriptDigest: ""))
        #expect(await reserved.refusal(Self.adopt, Self.adoption(scenario)) == "InvalidStateException")
        #expect(reserved.custody.messages.isEmpty)
    }

    @Test func `an adoption that failed goes on with the same authority`() async throws {
        let scenario = try await Scenario.copy()
        let api = scenario.api
        api.custody.fail(with: .init("unplugged"))
        #expect(await api.refusal(Self.adopt, Self.adoption(scenario)) == "InternalFailure")
        api.custody.fail(with: nil)
        #expect(
            await api.refusal(Self.adopt, Self.adoption(scenario, identifier: [0xCE, 0x02]))
                == "InvalidStateException")
        #expect(await api.refusal(Self.adopt, Self.adoption(scenario)) == nil)
        #expect(try await api.store.certificateAuthorities(after: nil, limit: 9).count == 4)
    }

    @Test func `an imported certificate makes an authority active`() async throws {
        let scenario = try await Scenario.copy()
        let second = scenario.filled("$second")
        #expect(try await Self.status(scenario.api, second) == "PENDING_CERTIFICATE")
        let input = #"{"CertificateAuthorityArn": "$second", "Certificate": "$secondCertificate"}"#
        #expect(await scenario.api.refusal(Self.importing, scenario.filled(input)) == nil)
        #expect(try await Self.status(scenario.api, second) == "ACTIVE")
    }

    @Test func `a certificate for another authority, or of another time, is not imported`() async throws {
        let scenario = try await Scenario.copy()
        func imported(_ certificate: String) async -> String? {
            await scenario.api.refusal(
                Self.importing,
                scenario.filled(#"{"CertificateAuthorityArn": "$second", "Certificate": "\#(certificate)"}"#))
        }
        #expect(await imported("$rootCertificate") == "CertificateMismatchException")
        let namesake = try Scenario.ceremonyCertificate(from: scenario.api.time.now, named: "second")
        #expect(await imported(Scenario.base64(namesake)) == "CertificateMismatchException")
        // A certificate that names its own key as its issuer's, and was signed by another.
        let key = try Self.publicKey("$secondCertificate", scenario)
        let foreign = try Scenario.ceremonyCertificate(
            from: scenario.api.time.now, named: "second", by: "Ceremony", for: key,
            Certificate.Extension(
                AuthorityKeyIdentifier(
                    keyIdentifier: ArraySlice(KeyIdentifier.sha1(of: try SubjectPublicKey(key)))),
                critical: false))
        #expect(await imported(Scenario.base64(foreign)) == "CertificateMismatchException")
        scenario.api.time.advance(11 * 366 * 86_400)
        #expect(await imported("$secondCertificate") == "CertificateMismatchException")
    }

    /// A certificate that the root makes for another authority's key, in base64.
    private static func subordinate(of scenario: Scenario, for authority: String) async throws -> String {
        let csr = try await scenario.api.value(
            "Csr", of: "ACMPrivateCA.GetCertificateAuthorityCsr",
            scenario.filled(#"{"CertificateAuthorityArn": "\#(authority)"}"#))
        let input = scenario.filled(
            Scenario.issue.replacing("$csr", with: Scenario.base64(csr)).replacing(
                "EndEntityCertificate", with: "SubordinateCACertificate_PathLen0"))
        let arn = try await scenario.api.value("CertificateArn", of: "ACMPrivateCA.IssueCertificate", input)
        return Scenario.base64(
            try await scenario.api.value(
                "Certificate", of: "ACMPrivateCA.GetCertificate",
                scenario.filled(#"{"CertificateAuthorityArn": "$root", "CertificateArn": "\#(arn)"}"#)))
    }

    @Test func `a subordinate has a chain of other certificates, which signed it`() async throws {
        let scenario = try await Scenario.copy()
        let request = Self.request(subject: #""CommonName": "sub""#).replacing("ROOT", with: "SUBORDINATE")
        let arn = try await scenario.api.value("CertificateAuthorityArn", of: Self.create, request)
        let certificate = try await Self.subordinate(of: scenario, for: arn)
        func imported(_ chain: String?) async -> String? {
            let more = chain.map { #", "CertificateChain": "\#($0)""# } ?? ""
            return await scenario.api.refusal(
                Self.importing,
                scenario.filled(
                    #"{"CertificateAuthorityArn": "\#(arn)", "Certificate": "\#(certificate)"\#(more)}"#))
        }
        // A root with the same name and key identifier as the root that signed.
        let root = try Self.publicKey("$rootCertificate", scenario)
        let namesake = try Scenario.ceremonyCertificate(
            from: scenario.api.time.now, named: "root",
            keyIdentifier: KeyIdentifier.sha1(of: try SubjectPublicKey(root)))
        #expect(await imported(nil) == "CertificateMismatchException")
        #expect(await imported(Scenario.base64(namesake)) == "CertificateMismatchException")
        #expect(await imported("$rootCertificate") == nil)
    }

    @Test func `a certificate that is no authority's is not imported`() async throws {
        let scenario = try await Scenario.copy()
        let leaf = try await scenario.api.value(
            "Certificate", of: "ACMPrivateCA.GetCertificate",
            scenario.filled(#"{"CertificateAuthorityArn": "$root", "CertificateArn": "$leaf"}"#))
        let input = #"{"CertificateAuthorityArn": "$second", "Certificate": "\#(Scenario.base64(leaf))"}"#
        #expect(
            await scenario.api.refusal(Self.importing, scenario.filled(input))
                == "MalformedCertificateException")
        let unknown = Certificate.Extension(oid: [1, 2, 3, 4], critical: true, value: [0x05, 0x00])
        let certificate = try Scenario.ceremonyCertificate(from: scenario.api.time.now, unknown)
        #expect(
            await scenario.api.refusal(
                Self.adopt,
                #"{"KeyIdentifier": "ce01", "Certificate": "\#(Scenario.base64(certificate))"}"#)
                == "MalformedCertificateException")
    }

    @Test func `a chain has at most 10 certificates`() async throws {
        let scenario = try await Scenario.copy()
        let pem = try #require(Data(base64Encoded: scenario.filled("$rootCertificate")))
        func imported(_ count: Int) async -> String? {
            let chain = (0..<count).map { _ in String(decoding: pem, as: UTF8.self) + "\n" }.joined()
            let input = #"{"CertificateAuthorityArn": "$second", "Certificate": "$secondCertificate","#
            return await scenario.api.refusal(
                Self.importing,
                scenario.filled(input + #""CertificateChain": "\#(Scenario.base64(chain))"}"#))
        }
        #expect(await imported(10) == "CertificateMismatchException")
        #expect(await imported(11) == "MalformedCertificateException")
    }
}
