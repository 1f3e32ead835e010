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
internal import Storage
import SwiftASN1
import Testing
import X509

/// An authority with everything that operations need, made through the operations themselves.
struct Scenario {
    let api: InMemoryAPI
    private let leafKey: P256.Signing.PrivateKey
    /// The issuer of `below`.
    let offline: OfflineRoot
    /// The values of `$name` in the inputs of calls.
    private(set) var values: [String: String] = [:]

    /// Made once and copied for each test.
    private static let first = Task { try await Scenario() }

    /// - Parameter rules: the configuration, computed from the scenario that is copied
    static func copy(_ rules: (Scenario) -> Rules = { _ in Rules() }) async throws -> Scenario {
        let made = try await first.value
        return Scenario(try InMemoryAPI(like: made.api, rules(made)), made.values, made.leafKey, made.offline)
    }

    /// The same store and keys in a daemon after a restart.
    func restarted(ocsp: OCSPSettings? = nil, makesKeys: Bool = true) throws -> Scenario {
        guard let ocsp else {
            return Scenario(try InMemoryAPI(like: api, makesKeys: makesKeys), values, leafKey, offline)
        }
        return Scenario(
            try InMemoryAPI(like: api, makesKeys: makesKeys, ocsp: ocsp), values, leafKey, offline)
    }

    private init(
        _ api: InMemoryAPI, _ values: [String: String], _ leafKey: P256.Signing.PrivateKey,
        _ offline: OfflineRoot
    ) {
        self.offline = offline
        self.api = api
        self.leafKey = leafKey
        self.values = values
    }

    private init() async throws {
        api = try InMemoryAPI()
        leafKey = P256.Signing.PrivateKey()
        offline = OfflineRoot()
        values["csr"] = try Self.base64(Self.request("leaf.example.test", leafKey))
        values["otherCSR"] = try Self.base64(Self.request("other.example.test", P256.Signing.PrivateKey()))
        try await addAuthority("root", isActive: true)
        try await addAuthority("second", isActive: false)
        try await addBelow()
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

    /// `text` with the values inserted.
    func filled(_ text: String) -> String {
        values.sorted { $0.key.count > $1.key.count }.reduce(text) {
            $0.replacing("$\($1.key)", with: $1.value)
        }
    }

    /// - Parameter more: further members of the request, each followed by a comma
    mutating func addAuthority(_ name: String, isActive: Bool, _ more: String = "") async throws {
        let arn = try await api.value(
            "CertificateAuthorityArn", of: "ACMPrivateCA.CreateCertificateAuthority",
            """
            {\(more)"CertificateAuthorityType": "ROOT", "CertificateAuthorityConfiguration": {
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

    /// An authority `below` an offline root, and a CRL of that root.
    private mutating func addBelow() async throws {
        let arn = try await api.value(
            "CertificateAuthorityArn", of: "ACMPrivateCA.CreateCertificateAuthority",
            """
            {"CertificateAuthorityType": "SUBORDINATE", "CertificateAuthorityConfiguration": {
                "KeyAlgorithm": "EC_prime256v1", "SigningAlgorithm": "SHA256WITHECDSA",
                "Subject": {"CommonName": "below"}}}
            """)
        values["below"] = arn
        let csr = try await api.value(
            "Csr", of: "ACMPrivateCA.GetCertificateAuthorityCsr", #"{"CertificateAuthorityArn": "\#(arn)"}"#)
        let request = try CertificateSigningRequest(pemEncoded: csr)
        let certificate = try offline.certificate(for: request, at: api.time.now).serializeAsPEM().pemString
        let chain = try offline.own(at: api.time.now).serializeAsPEM().pemString
        _ = try await api.call(
            "ACMPrivateCA.ImportCertificateAuthorityCertificate",
            #"{"CertificateAuthorityArn": "\#(arn)", "Certificate": "\#(Self.base64(certificate))", "CertificateChain": "\#(Self.base64(chain))"}"#
        ).get()
        values["rootList"] = Data(try offline.list(from: api.time.now)).base64EncodedString()
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
        values["serial"] = String(filled("$leaf").suffix(32))
        values["proof"] = try proof()
        values["elsewhere"] = try await elsewhere()
        values["statusRequest"] = Data(try statusRequest(filled("$serial"))).base64EncodedString()
        _ = try? await api.useCases.publication.publishCertificateLists()
        // The first makes the key of the log, whose event is in the second.
        for _ in 0..<2 { try await api.useCases.auditLog.checkpoints.sign() }
    }

    /// A certificate that the root's key signed without the daemon.
    private func elsewhere() async throws -> String {
        let id = String(filled("$root").suffix(36))
        let record = try #require(try await api.store.certificateAuthority(id))
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(bytes: [0x77]),
            publicKey: .init(P256.Signing.PrivateKey().publicKey), notValidBefore: api.time.now - 3600,
            notValidAfter: api.time.now + 86_400, issuer: DistinguishedName { CommonName("root") },
            subject: DistinguishedName { CommonName("elsewhere.example.test") },
            signatureAlgorithm: .ecdsaWithSHA256, extensions: .init(),
            issuerPrivateKey: try #require(api.custody.privateKey(record.keyIdentifier)))
        return Self.base64(try certificate.serializeAsPEM().pemString)
    }

    /// The proof that the leaf's key asks for its revocation.
    private func proof() throws -> String {
        let text = RevocationProof.octets(certificate: filled("$leaf"), reason: "KEY_COMPROMISE")
        return Data(
            try Certificate.PrivateKey(leafKey).sign(bytes: text, signatureAlgorithm: .ecdsaWithSHA256)
                .rawRepresentation
        ).base64EncodedString()
    }

    /// DER of an OCSP request about a certificate of an authority.
    /// - Parameter serial: hexadecimal
    func statusRequest(
        _ serial: String, of authority: String = "root", _ algorithm: CertificateID.HashAlgorithm = .sha1,
        nonce: [UInt8]? = nil
    ) throws -> [UInt8] {
        OCSPRequest.encoded(try certificateID(serial, of: authority, algorithm), nonce: nonce)
    }

    func certificateID(
        _ serial: String, of authority: String = "root", _ algorithm: CertificateID.HashAlgorithm = .sha1
    ) throws -> CertificateID {
        let pem = try #require(Data(base64Encoded: filled("$\(authority)Certificate")))
        let certificate = try Certificate(pemEncoded: String(decoding: pem, as: UTF8.self))
        var subject = DER.Serializer()
        try subject.serialize(certificate.subject)
        return CertificateID(
            CertificateID.Issuer(
                algorithm, name: subject.serializedBytes,
                publicKey: try SubjectPublicKey(certificate.publicKey)),
            serialNumber: try #require(SerialNumberText.octets(serial)))
    }

    /// A key that was generated elsewhere and has two identifiers on the token, and a root certificate for
    /// it.
    private mutating func addCeremonyKey() throws {
        for number: UInt8 in 1...2 {
            try api.custody.add(.init(Self.ceremonyKey), identifier: [0xCE, number])
        }
        values["ceremonyCertificate"] = Self.base64(try Self.ceremonyCertificate(from: api.time.now))
    }

    private static let ceremonyKey = P256.Signing.PrivateKey()

    /// - Parameters:
    ///   - subject: whose it is; a certificate of the ceremony's own key is self-signed unless it has another
    ///     issuer
    ///   - publicKey: nil for the ceremony's own
    ///   - more: an extension beside those that an authority needs
    static func ceremonyCertificate(
        from start: Date, named subject: String = "Ceremony", by issuer: String? = nil,
        for publicKey: Certificate.PublicKey? = nil, keyIdentifier: [UInt8]? = nil,
        _ more: Certificate.Extension? = nil
    ) throws -> String {
        let publicKey = publicKey ?? .init(ceremonyKey.publicKey)
        var extensions = try Certificate.Extensions {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            SubjectKeyIdentifier(
                keyIdentifier: ArraySlice(
                    try keyIdentifier ?? KeyIdentifier.sha1(of: SubjectPublicKey(publicKey))))
        }
        if let more { try extensions.append(more) }
        return try Certificate(
            version: .v3, serialNumber: .init(bytes: [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x08]),
            publicKey: publicKey, notValidBefore: start, notValidAfter: start + 365 * 86_400,
            issuer: DistinguishedName { CommonName(issuer ?? subject) },
            subject: DistinguishedName { CommonName(subject) }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions, issuerPrivateKey: .init(ceremonyKey)
        ).serializeAsPEM().pemString
    }

    static let issue = """
        {"CertificateAuthorityArn": "$root", "Csr": "$csr", "SigningAlgorithm": "SHA256WITHECDSA",
         "TemplateArn": "arn:aws:acm-pca:::template/EndEntityCertificate/V1", "Validity": {"Type": "DAYS", "Value": 30}}
        """
    /// The request for a certificate with an idempotency token.
    func issue(token: String, days: Int = 30) -> String {
        Self.issue.replacing(
            #""Validity": {"Type": "DAYS", "Value": 30}"#,
            with: #""IdempotencyToken": "\#(token)", "Validity": {"Type": "DAYS", "Value": \#(days)}"#)
    }

    /// The request to put a policy of one statement on an authority.
    func putPolicy(_ statement: JSONValue, on authority: String = "$root") -> String {
        let policy: JSONValue = ["Version": "2012-10-17", "Statement": [statement]]
        let input: JSONValue = [
            "ResourceArn": .string(filled(authority)),
            "Policy": .string(String(decoding: policy.encoded(), as: UTF8.self)),
        ]
        return String(decoding: input.encoded(), as: UTF8.self)
    }

    /// The number of entries of a list in the answer to a call that must succeed.
    func count(
        _ member: String, of operation: String, _ input: String = "{}",
        as user: InMemoryAPI.User = .administrator
    ) async throws -> Int {
        let output = try await api.call(operation, filled(input), as: user).get()
        return try #require(output[member]?.count, "\(output)")
    }

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

extension JSONValue {
    /// The number of entries of a list; nil for another value.
    var count: Int? { if case .array(let list) = self { list.count } else { nil } }
}
