import Foundation
import PKIX
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Issuance

struct LinterTests {
    struct Defect: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let field: String
        let problem: String
        let make: @Sendable (inout TBSCertificate, Workbench) throws -> Void
        var signing = SigningAlgorithm.sha256WithECDSA
    }

    static func moment(_ offset: Int64) -> CivilTime {
        Workbench.moment(Workbench.now.secondsSinceEpoch + offset)
    }

    static func name(_ build: DistinguishedName) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(build)
        return serializer.serializedBytes
    }

    static func drop(_ oid: ASN1ObjectIdentifier, from tbs: inout TBSCertificate) {
        tbs.extensions.removeAll { $0.oid == oid }
    }

    static func replace(_ value: Certificate.Extension, in tbs: inout TBSCertificate) {
        drop(value.oid, from: &tbs)
        tbs.extensions.append(value)
    }

    static let defects: [Defect] = [
        Defect(testDescription: "serial number zero", field: "serialNumber", problem: "is zero") { tbs, _ in
            tbs.serialNumber = [0]
        },
        Defect(
            testDescription: "21 octets of serial number", field: "serialNumber", problem: "longer than 20"
        ) {
            tbs, _ in tbs.serialNumber = [UInt8](repeating: 0x91, count: 20)
        },
        Defect(testDescription: "a short serial number", field: "serialNumber", problem: "too short") {
            tbs, _ in
            tbs.serialNumber = [1, 2, 3]
        },
        Defect(testDescription: "an end before the beginning", field: "validity", problem: "ends before") {
            tbs, _ in tbs.notAfter = moment(-7200)
        },
        Defect(testDescription: "an end after the authority's", field: "validity", problem: "outlasts") {
            tbs, _ in tbs.notAfter = moment(4000 * 86_400)
        },
        Defect(testDescription: "another issuer", field: "issuer", problem: "is not the subject") { tbs, _ in
            tbs.issuer = try name(DistinguishedName { CommonName("Somebody") })
        },
        Defect(testDescription: "no issuer", field: "issuer", problem: "is empty") { tbs, _ in
            tbs.issuer = [0x30, 0x00]
        },
        Defect(testDescription: "no subject, names not critical", field: "subject", problem: "is empty") {
            tbs, _ in tbs.subject = [0x30, 0x00]
        },
        Defect(testDescription: "a long organization", field: "subject", problem: "more than 64") { tbs, _ in
            tbs.subject = try name(DistinguishedName { OrganizationName(String(repeating: "x", count: 65)) })
        },
        Defect(testDescription: "a country of three letters", field: "subject", problem: "more than 2") {
            tbs, _ in
            tbs.subject = try name(DistinguishedName { CountryName("SWE") })
        },
        Defect(testDescription: "an extension twice", field: "extensions", problem: "basicConstraints twice")
        {
            tbs, _ in
            tbs.extensions.append(tbs.extensions[0])
        },
        Defect(
            testDescription: "no authority key identifier", field: "authorityKeyIdentifier",
            problem: "is missing"
        ) {
            tbs, _ in drop([2, 5, 29, 35], from: &tbs)
        },
        Defect(
            testDescription: "another key's identifier", field: "authorityKeyIdentifier",
            problem: "is not that"
        ) {
            tbs, _ in
            replace(
                try .init(AuthorityKeyIdentifier(keyIdentifier: [1, 2, 3]), critical: false), in: &tbs)
        },
        Defect(
            testDescription: "a critical authority key identifier", field: "authorityKeyIdentifier",
            problem: "marked critical"
        ) { tbs, workbench in
            replace(
                try .init(
                    AuthorityKeyIdentifier(keyIdentifier: ArraySlice(workbench.authority.keyIdentifier)),
                    critical: true), in: &tbs)
        },
        Defect(
            testDescription: "a critical subject key identifier", field: "subjectKeyIdentifier",
            problem: "marked critical"
        ) { tbs, _ in replace(try .init(SubjectKeyIdentifier(keyIdentifier: [1]), critical: true), in: &tbs)
        },
        Defect(
            testDescription: "an authority without a subject key identifier", field: "subjectKeyIdentifier",
            problem: "is missing"
        ) { tbs, _ in
            replace(
                try .init(BasicConstraints.isCertificateAuthority(maxPathLength: 0), critical: true), in: &tbs
            )
            replace(try .init(KeyUsage(keyCertSign: true), critical: true), in: &tbs)
            drop([2, 5, 29, 14], from: &tbs)
        },
        Defect(testDescription: "no basic constraints", field: "basicConstraints", problem: "is missing") {
            tbs, _ in drop([2, 5, 29, 19], from: &tbs)
        },
        Defect(
            testDescription: "an authority that is not critical", field: "basicConstraints",
            problem: "is not critical"
        ) {
            tbs, _ in
            replace(
                try .init(BasicConstraints.isCertificateAuthority(maxPathLength: 0), critical: false),
                in: &tbs)
            replace(try .init(KeyUsage(keyCertSign: true), critical: true), in: &tbs)
        },
        Defect(
            testDescription: "a path longer than the issuer's", field: "basicConstraints",
            problem: "longer path"
        ) {
            tbs, _ in
            replace(
                try .init(BasicConstraints.isCertificateAuthority(maxPathLength: 3), critical: true), in: &tbs
            )
            replace(try .init(KeyUsage(keyCertSign: true), critical: true), in: &tbs)
        },
        Defect(testDescription: "keyCertSign in an end entity", field: "keyUsage", problem: "has keyCertSign")
        {
            tbs, _ in replace(try .init(KeyUsage(keyCertSign: true), critical: true), in: &tbs)
        },
        Defect(
            testDescription: "an authority that may not sign", field: "keyUsage", problem: "lacks keyCertSign"
        ) {
            tbs, _ in
            replace(
                try .init(BasicConstraints.isCertificateAuthority(maxPathLength: 0), critical: true), in: &tbs
            )
        },
        Defect(testDescription: "names that do not parse", field: "subjectAltName", problem: "does not parse")
        {
            tbs, _ in
            replace(.init(oid: [2, 5, 29, 17], critical: false, value: [0x04, 0x01, 0x00]), in: &tbs)
        },
        Defect(testDescription: "an empty list of names", field: "subjectAltName", problem: "is empty") {
            tbs, _ in
            replace(.init(oid: [2, 5, 29, 17], critical: false, value: [0x30, 0x00]), in: &tbs)
        },
        Defect(
            testDescription: "an empty DNS name", field: "subjectAltName",
            problem: "a DNS name that is not one"
        ) {
            tbs, _ in
            replace(try .init(SubjectAlternativeNames([.dnsName("")]), critical: false), in: &tbs)
        },
        Defect(testDescription: "an IP address of three octets", field: "subjectAltName", problem: "3 octets")
        {
            tbs, _ in
            replace(
                try .init(
                    SubjectAlternativeNames([.ipAddress(ASN1OctetString(contentBytes: [1, 2, 3]))]),
                    critical: false),
                in: &tbs)
        },
        Defect(
            testDescription: "an algorithm of another kind of key", field: "signature",
            problem: "not an algorithm",
            make: { tbs, _ in tbs.signatureAlgorithm = .sha256WithRSA }, signing: .sha256WithRSA),
    ]

    static func der(_ defect: Defect?, below workbench: Workbench) throws -> [UInt8] {
        let tbs = try tbsCertificate(defect, below: workbench)
        let algorithm = defect?.signing ?? .sha256WithECDSA
        let signature: [UInt8] =
            algorithm.family == .rsa
            ? [UInt8](repeating: 0, count: 256) : [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]
        return SignedObject.assemble(tbs: tbs, algorithm: algorithm, signature: signature)
    }

    static func subject(_ defect: Defect?, below workbench: Workbench) throws -> LintSubject? {
        let algorithm = defect?.signing ?? .sha256WithECDSA
        let der = try der(defect, below: workbench)
        return LintSubject(
            try CertificateFields(derEncoded: der), der: der,
            issuance: .init(authority: workbench.authority, signingAlgorithm: algorithm))
    }

    private static func findings(_ defect: Defect?, below workbench: Workbench) throws -> [LintFinding] {
        Linter.findings(
            tbsCertificate: try tbsCertificate(defect, below: workbench),
            signedWith: defect?.signing ?? .sha256WithECDSA, authority: workbench.authority)
    }

    private static func tbsCertificate(_ defect: Defect?, below workbench: Workbench) throws -> [UInt8] {
        let csr = try OpenSSLRequest.make(subject: "/CN=a.example")
        let request = try CertificationRequest(pem: Array(csr.utf8))
        var tbs = TBSCertificate(
            serialNumber: Workbench.serialNumber, signatureAlgorithm: .sha256WithECDSA,
            issuer: workbench.authority.subject, notBefore: moment(-3600), notAfter: moment(86_400),
            subject: request.subject, subjectPublicKeyInfo: request.subjectPublicKeyInfo,
            extensions: [
                try .init(BasicConstraints.notCertificateAuthority, critical: false),
                try .init(
                    AuthorityKeyIdentifier(keyIdentifier: ArraySlice(workbench.authority.keyIdentifier)),
                    critical: false),
                try .init(
                    SubjectKeyIdentifier(
                        keyIdentifier: ArraySlice(KeyIdentifier.sha1(of: request.publicKey))),
                    critical: false),
                try .init(KeyUsage(digitalSignature: true), critical: true),
                try .init(SubjectAlternativeNames([.dnsName("a.example")]), critical: false),
            ])
        try defect?.make(&tbs, workbench)
        return try tbs.derBytes()
    }

    /// An authority for names below example and two purposes.
    static func constrained() throws -> Workbench {
        try Workbench(
            extensions: [
                .init(NameConstraints(permittedDNSDomains: ["example"]), critical: true),
                .init(ExtendedKeyUsage([.serverAuth, .clientAuth]), critical: false),
            ])
    }

    @Test func `a certificate without a defect has no findings`() throws {
        #expect(try Self.findings(nil, below: Workbench(pathLength: 2)) == [])
        #expect(try Self.findings(nil, below: Self.constrained()) == [])
    }

    @Test(
        arguments: defects + extensionDefects + nameDefects + syntaxDefects + knownSyntaxDefects + leafDefects
    )
    func `a defect is found, with its field and section`(_ defect: Defect) throws {
        try Self.expect(defect, in: Self.findings(defect, below: Workbench(pathLength: 2)))
    }

    @Test(arguments: authorityDefects)
    func `what the issuing certificates do not allow is found`(_ defect: Defect) throws {
        try Self.expect(defect, in: Self.findings(defect, below: Self.constrained()))
    }

    private static func expect(_ defect: Defect, in findings: [LintFinding]) {
        #expect(
            findings.contains { $0.field == defect.field && $0.problem.contains(defect.problem) },
            "\(findings)")
        let sources = [
            "Signet", "RFC ", "Netscape", "[MS-WCCE]", "Common PKI", "EV Guidelines", "Thawte", "Entrust",
        ]
        #expect(findings.allSatisfy { finding in sources.contains { finding.rule.hasPrefix($0) } })
    }

    @Test func `every rule has a defect that it finds`() throws {
        let workbench = try Workbench(pathLength: 2)
        let subjects =
            try
            (Self.defects + Self.extensionDefects + Self.nameDefects + Self.syntaxDefects
            + Self.knownSyntaxDefects + Self.recommendationDefects)
            .compactMap { try Self.subject($0, below: workbench) }
            + Self.authorityDefects.compactMap { try Self.subject($0, below: Self.constrained()) }
            + ForeignCertificates.defective().compactMap {
                LintSubject(try CertificateFields(derEncoded: $0), der: $0, issuance: nil)
            } + Self.foreignIssuers()
        for (index, rule) in (Linter.rules + Linter.recommendations).enumerated() {
            #expect(
                subjects.contains { rule.problem($0) != nil }, "rule \(index): \(rule.source) \(rule.field)")
        }
    }

    @Test(arguments: recommendationDefects)
    func `a recommendation is told, and no reason to refuse`(_ defect: Defect) throws {
        let workbench = try Workbench(pathLength: 2)
        #expect(try Self.findings(defect, below: workbench) == [])
        let subject = try #require(try Self.subject(defect, below: workbench))
        let found = Linter.recommendations.compactMap { $0.problem(subject) }
        #expect(found.contains { $0.contains(defect.problem) }, "\(found)")
    }

    @Test func `certificates of somebody else are held against the rules that need no issuer`() throws {
        let expected = ["is made with SHA-1", "that is not a UTCTime", "is not 3"]
        for (certificate, problem) in zip(try ForeignCertificates.defective(), expected) {
            let findings = Linter.findings(certificate: certificate)
            #expect(findings.contains { $0.problem.contains(problem) }, "\(findings)")
        }
        #expect(Linter.findings(certificate: [0x30, 0x00]).map(\.field) == ["Certificate"])
        let weak = try Command.output(
            "openssl",
            [
                "req", "-x509", "-subj", "/CN=a", "-nodes", "-keyout", "/dev/null", "-newkey", "rsa:1024",
            ])
        let der = try PEM.block(Array(weak.utf8), labels: PEM.certificate).contents
        #expect(Linter.findings(certificate: der).contains { $0.problem.contains("less than 2048 bits") })
    }
}

extension LinterTests {
    // Found by Scripts/fuzz: the library takes a minute of 61 seconds, and an assertion of its own ends the process.
    @Test(arguments: ["61", "99", "0a"])
    func `a time that no clock shows is no certificate`(_ seconds: String) throws {
        let pem = try Command.output(
            "openssl",
            ["req", "-x509", "-subj", "/CN=a", "-nodes", "-keyout", "/dev/null", "-newkey", "rsa:2048"])
        var der = try PEM.block(Array(pem.utf8), labels: PEM.certificate).contents
        // UTCTime of 13 octets; the last but one pair are the seconds.
        let start = try #require(der.indices.first { der[$0...].starts(with: [0x17, 0x0D]) })
        der.replaceSubrange((start + 12)..<(start + 14), with: seconds.utf8)
        #expect(Linter.findings(certificate: der).map(\.field) == ["Certificate"])
    }
}

extension LinterTests {
    /// Keys that no authority here can have: the other rules go on, and nothing calls the key a fault of syntax.
    struct ForeignKey: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let arguments: [String]
        var finding: String?
    }

    static let foreignKeys = [
        ForeignKey(testDescription: "RSA of 1024 bits", arguments: ["rsa:1024"], finding: "1024 bits"),
        ForeignKey(
            testDescription: "P-192", arguments: ["ec", "-pkeyopt", "ec_paramgen_curve:P-192"],
            finding: "P-192"),
        ForeignKey(testDescription: "P-224", arguments: ["ec", "-pkeyopt", "ec_paramgen_curve:P-224"]),
        ForeignKey(
            testDescription: "secp256k1", arguments: ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"]),
        ForeignKey(testDescription: "Ed448", arguments: ["ed448"]),
        ForeignKey(testDescription: "RSASSA-PSS", arguments: ["rsa-pss"]),
    ]

    @Test(arguments: foreignKeys)
    func `the linter goes on where it does not know the key`(_ key: ForeignKey) throws {
        let extensions = "basicConstraints=CA:TRUE\nkeyUsage=critical,keyAgreement\n"
        let findings = Linter.findings(
            certificate: try ForeignCertificates.signed(
                digest: "sha256", key: key.arguments, extensions: extensions))
        // What is wrong with the rest is found: CA:TRUE without critical, no keyCertSign.
        for field in ["basicConstraints", "keyUsage"] {
            #expect(findings.contains { $0.field == field }, "\(findings)")
        }
        #expect(!findings.contains { $0.field == "Certificate" }, "\(findings)")
        let ofKey = findings.filter { $0.field == "subjectPublicKeyInfo" }
        #expect(ofKey.count == (key.finding == nil ? 0 : 1), "\(findings)")
        if let text = key.finding { #expect(ofKey.first?.problem.contains(text) == true) }
    }

    @Test(arguments: ["sha1", "md5"])
    func `a weak digest is no finding of a self-signed root, and one of any other`(_ digest: String) throws {
        for size in ["rsa:2048", "rsa:1024"] {
            let root = try ForeignCertificates.selfSigned(["-newkey", size, "-\(digest)"])
            #expect(
                !Linter.findings(certificate: root).contains { $0.problem.contains("is made with") },
                "\(Linter.findings(certificate: root))")
        }
        let below = try ForeignCertificates.signed(digest: digest)
        #expect(Linter.findings(certificate: below).contains { $0.problem.contains("is made with") })
    }

    @Test func `a signature by RSASSA-PSS is no fault`() throws {
        let root = try ForeignCertificates.selfSigned([
            "-newkey", "rsa:2048", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-addext",
            "keyUsage=critical,keyCertSign",
        ])
        #expect(Linter.findings(certificate: root) == [])
    }

    @Test func `the template's own key usage is kept for keys on curves, and a request's is not`() throws {
        let workbench = try Workbench()
        let csr = try OpenSSLRequest.make()
        _ = try workbench.prepare(workbench.request(csr: csr))
        let asked = try Command.output(
            "openssl",
            [
                "req", "-new", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=a", "-newkey", "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256", "-addext", "keyUsage=critical,digitalSignature,keyEncipherment",
            ])
        let template = "arn:aws:acm-pca:::template/BlankEndEntityCertificate_CSRPassthrough/V1"
        #expect {
            _ = try workbench.prepare(workbench.request(csr: asked, template: template))
        } throws: {
            "\($0)".contains("keyUsage has keyEncipherment")
        }
    }
}
