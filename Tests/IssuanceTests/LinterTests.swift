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
        let make: @Sendable (inout TBSCertificate, TestAuthority) throws -> Void
        var signing = SigningAlgorithm.sha256WithECDSA
    }

    static func moment(_ offset: Int64) -> CivilTime {
        TestAuthority.moment(TestAuthority.now.secondsSinceEpoch + offset)
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
            testDescription: "a serial number of 21 octets", field: "serialNumber", problem: "longer than 20"
        ) {
            tbs, _ in tbs.serialNumber = [UInt8](repeating: 0x91, count: 20)
        },
        Defect(testDescription: "a short serial number", field: "serialNumber", problem: "too short") {
            tbs, _ in
            tbs.serialNumber = [1, 2, 3]
        },
        Defect(testDescription: "an end before the start", field: "validity", problem: "ends before") {
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
        Defect(
            testDescription: "a repeated extension", field: "extensions", problem: "basicConstraints twice"
        ) {
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
            testDescription: "an identifier of another key", field: "authorityKeyIdentifier",
            problem: "is not that"
        ) {
            tbs, _ in
            replace(
                try .init(AuthorityKeyIdentifier(keyIdentifier: [1, 2, 3]), critical: false), in: &tbs)
        },
        Defect(
            testDescription: "a critical authority key identifier", field: "authorityKeyIdentifier",
            problem: "marked critical"
        ) { tbs, fixture in
            replace(
                try .init(
                    AuthorityKeyIdentifier(keyIdentifier: ArraySlice(fixture.authority.keyIdentifier)),
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
            testDescription: "basic constraints of an authority that are not critical",
            field: "basicConstraints",
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
            testDescription: "an authority without keyCertSign", field: "keyUsage",
            problem: "lacks keyCertSign"
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

    static func der(_ defect: Defect?, below fixture: TestAuthority) throws -> [UInt8] {
        let tbs = try tbsCertificate(defect, below: fixture)
        let algorithm = defect?.signing ?? .sha256WithECDSA
        let signature: [UInt8] =
            algorithm.family == .rsa
            ? [UInt8](repeating: 0, count: 256) : [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]
        return SignedObject.assemble(tbs: tbs, algorithm: algorithm, signature: signature)
    }

    static func subject(_ defect: Defect?, below fixture: TestAuthority) throws -> LintSubject? {
        let algorithm = defect?.signing ?? .sha256WithECDSA
        let der = try der(defect, below: fixture)
        return LintSubject(
            try CertificateFields(derEncoded: der), der: der,
            issuance: .init(authority: fixture.authority, signingAlgorithm: algorithm))
    }

    private static func findings(_ defect: Defect?, below fixture: TestAuthority) throws -> [LintFinding] {
        Linter.findings(
            tbsCertificate: try tbsCertificate(defect, below: fixture),
            signedWith: defect?.signing ?? .sha256WithECDSA, authority: fixture.authority)
    }

    private static func tbsCertificate(_ defect: Defect?, below fixture: TestAuthority) throws -> [UInt8] {
        let csr = try OpenSSLRequest.make(subject: "/CN=a.example")
        let request = try CertificationRequest(pem: Array(csr.utf8))
        var tbs = TBSCertificate(
            serialNumber: TestAuthority.serialNumber, signatureAlgorithm: .sha256WithECDSA,
            issuer: fixture.authority.subject, notBefore: moment(-3600), notAfter: moment(86_400),
            subject: request.subject, subjectPublicKeyInfo: request.subjectPublicKeyInfo,
            extensions: [
                try .init(BasicConstraints.notCertificateAuthority, critical: false),
                try .init(
                    AuthorityKeyIdentifier(keyIdentifier: ArraySlice(fixture.authority.keyIdentifier)),
                    critical: false),
                try .init(
                    SubjectKeyIdentifier(
                        keyIdentifier: ArraySlice(KeyIdentifier.sha1(of: request.publicKey))),
                    critical: false),
                try .init(KeyUsage(digitalSignature: true), critical: true),
                try .init(SubjectAlternativeNames([.dnsName("a.example")]), critical: false),
            ])
        try defect?.make(&tbs, fixture)
        return try tbs.derBytes()
    }

    /// An authority with constraints on DNS names and purposes.
    static func constrained() throws -> TestAuthority {
        try TestAuthority(
            extensions: [
                .init(NameConstraints(permittedDNSDomains: ["example"]), critical: true),
                .init(ExtendedKeyUsage([.serverAuth, .clientAuth]), critical: false),
            ])
    }

    @Test func `a certificate without a defect has no findings`() throws {
        #expect(try Self.findings(nil, below: TestAuthority(pathLength: 2)) == [])
        #expect(try Self.findings(nil, below: Self.constrained()) == [])
    }

    @Test(
        arguments: defects + extensionDefects + nameDefects + syntaxDefects + knownSyntaxDefects + leafDefects
    )
    func `a defect is found, with its field and section`(_ defect: Defect) throws {
        try Self.expect(defect, in: Self.findings(defect, below: TestAuthority(pathLength: 2)))
    }

    @Test(arguments: authorityDefects)
    func `a violation of the issuing certificates' limits is found`(_ defect: Defect) throws {
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

    @Test func `every rule finds at least one defect`() throws {
        let fixture = try TestAuthority(pathLength: 2)
        let subjects =
            try
            (Self.defects + Self.extensionDefects + Self.nameDefects + Self.syntaxDefects
            + Self.knownSyntaxDefects + Self.recommendationDefects)
            .compactMap { try Self.subject($0, below: fixture) }
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
    func `a recommendation is reported without a refusal`(_ defect: Defect) throws {
        let fixture = try TestAuthority(pathLength: 2)
        #expect(try Self.findings(defect, below: fixture) == [])
        let subject = try #require(try Self.subject(defect, below: fixture))
        let found = Linter.recommendations.compactMap { $0.problem(subject) }
        #expect(found.contains { $0.contains(defect.problem) }, "\(found)")
    }
}
