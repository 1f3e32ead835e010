import Approvals
import AuditLog
import Authorities
import Crypto
import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import Publication
import SoftwareKeys
import SwiftASN1
import Testing
import X509

/// An authority with everything that operations can be about, made through the operations themselves.
struct Scenario {
    let api: InMemoryAPI
    /// What stands for `$name` in the inputs of calls.
    private(set) var values: [String: String] = [:]

    /// Made once, and copied for each test.
    private static let first = Task { try await Scenario() }

    static func copy() async throws -> Scenario {
        let made = try await first.value
        return Scenario(try InMemoryAPI(like: made.api), made.values)
    }

    private init(_ api: InMemoryAPI, _ values: [String: String]) {
        self.api = api
        self.values = values
    }

    private init() async throws {
        api = try InMemoryAPI()
        let key = P256.Signing.PrivateKey()
        values["csr"] = try Self.base64(Self.request("leaf.example.test", key))
        values["otherCSR"] = try Self.base64(Self.request("other.example.test", P256.Signing.PrivateKey()))
        try await addAuthority("root", isActive: true)
        try await addAuthority("second", isActive: false)
        try await addOperations()
        values["event"] = try #require(
            JSONValue(parsing: api.store.events[0])["eventID"]?.stringValue)
        try addCeremonyKey()
    }

    static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    static func request(_ name: String, _ key: P256.Signing.PrivateKey) throws -> String {
        let names = try Certificate.Extension(
            SubjectAlternativeNames([.dnsName(name)]), critical: false)
        let attributes = try CertificateSigningRequest.Attributes([
            .init(ExtensionRequest(extensions: .init([names])))
        ])
        return try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName(name) }, privateKey: .init(key),
            attributes: attributes, signatureAlgorithm: .ecdsaWithSHA256
        ).serializeAsPEM().pemString
    }

    /// `text` with the values in it.
    func filled(_ text: String) -> String {
        values.sorted { $0.key.count > $1.key.count }.reduce(text) {
            $0.replacing("$\($1.key)", with: $1.value)
        }
    }

    private mutating func addAuthority(_ name: String, isActive: Bool) async throws {
        let arn = try await api.value(
            "CertificateAuthorityArn", of: "ACMPrivateCA.CreateCertificateAuthority",
            """
            {"CertificateAuthorityType": "ROOT", "CertificateAuthorityConfiguration": {
                "KeyAlgorithm": "EC_prime256v1", "SigningAlgorithm": "SHA256WITHECDSA",
                "Subject": {"CommonName": "\(name)"}}}
            """)
        values[name] = arn
        let csr = try await api.value(
            "Csr", of: "ACMPrivateCA.GetCertificateAuthorityCsr", #"{"CertificateAuthorityArn": "\#(arn)"}"#)
        let issued = try await api.value(
            "CertificateArn", of: "ACMPrivateCA.IssueCertificate",
            """
            {"CertificateAuthorityArn": "\(arn)", "Csr": "\(Self.base64(csr))", "SigningAlgorithm": "SHA256WITHECDSA",
             "TemplateArn": "arn:aws:acm-pca:::template/RootCACertificate/V1", "Validity": {"Type": "YEARS", "Value": 10}}
            """)
        let certificate = try await api.value(
            "Certificate", of: "ACMPrivateCA.GetCertificate",
            #"{"CertificateAuthorityArn": "\#(arn)", "CertificateArn": "\#(issued)"}"#)
        values[name + "Certificate"] = Self.base64(certificate)
        guard isActive else { return }
        _ = try await api.call(
            "ACMPrivateCA.ImportCertificateAuthorityCertificate",
            #"{"CertificateAuthorityArn": "\#(arn)", "Certificate": "\#(Self.base64(certificate))"}"#
        ).get()
    }

    private mutating func addOperations() async throws {
        values["leaf"] = try await api.value(
            "CertificateArn", of: "ACMPrivateCA.IssueCertificate", filled(Self.issue))
        // One request that an officer must approve.
        _ = try await api.call(
            "ACMPrivateCA.IssueCertificate",
            filled(Self.issue.replacing("EndEntityCertificate", with: "SubordinateCACertificate_PathLen0")),
            as: .issuer
        ).get()
        let waiting = try await api.call("Signet.ListApprovals").get()["Approvals"]
        guard case .array(let list)? = waiting, let approval = list.first else {
            throw CocoaError(.featureUnsupported)
        }
        values["approval"] = try #require(approval["Id"]?.stringValue)
        values["digest"] = try #require(approval["Digest"]?.stringValue)
        for (operation, input) in [
            ("PutPolicy", Self.putPolicy), ("CreatePermission", Self.createPermission),
            (
                "TagCertificateAuthority",
                #"{"CertificateAuthorityArn": "$root", "Tags": [{"Key": "team", "Value": "web"}]}"#
            ),
        ] { _ = try await api.call("ACMPrivateCA.\(operation)", filled(input)).get() }
        values["report"] = try await api.value(
            "AuditReportId", of: "ACMPrivateCA.CreateCertificateAuthorityAuditReport",
            filled(Self.report))
        // The first makes the key of the log, whose event is in the second.
        for _ in 0..<2 { try await api.useCases.auditLog.checkpoints.sign() }
    }

    /// A key that was made elsewhere, and a root certificate for it.
    private mutating func addCeremonyKey() throws {
        let key = P256.Signing.PrivateKey()
        try api.custody.add(.init(key), identifier: [0xCE, 0x01])
        let name = try DistinguishedName { CommonName("Ceremony") }
        let start = api.time.now
        let own = try SubjectPublicKey(.init(key.publicKey))
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(bytes: [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x08]),
            publicKey: .init(key.publicKey), notValidBefore: start,
            notValidAfter: start + 365 * 86_400, issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(keyIdentifier: ArraySlice(KeyIdentifier.sha1(of: own)))
            },
            issuerPrivateKey: .init(key))
        values["ceremonyCertificate"] = Self.base64(try certificate.serializeAsPEM().pemString)
    }

    static let issue = """
        {"CertificateAuthorityArn": "$root", "Csr": "$csr", "SigningAlgorithm": "SHA256WITHECDSA",
         "TemplateArn": "arn:aws:acm-pca:::template/EndEntityCertificate/V1", "Validity": {"Type": "DAYS", "Value": 30}}
        """
    static let putPolicy = #"""
        {"ResourceArn": "$root", "Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111111111111\"},\"Action\":[\"acm-pca:ListTags\"],\"Resource\":\"$root\"}]}"}
        """#
    static let createPermission = """
        {"CertificateAuthorityArn": "$root", "Principal": "acm.amazonaws.com", "Actions": ["IssueCertificate"]}
        """
    static let report = """
        {"CertificateAuthorityArn": "$root", "S3BucketName": "reports", "AuditReportResponseFormat": "JSON"}
        """
}
