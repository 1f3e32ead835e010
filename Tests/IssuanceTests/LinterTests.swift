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
        Defect(testDescription: "an extension twice", field: "Certificate", problem: "is there twice") {
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

    private static func subject(_ defect: Defect?, below workbench: Workbench) throws -> LintSubject? {
        let tbs = try tbsCertificate(defect, below: workbench)
        let algorithm = defect?.signing ?? .sha256WithECDSA
        let signature: [UInt8] =
            algorithm.family == .rsa
            ? [UInt8](repeating: 0, count: 256) : [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]
        let der = SignedObject.assemble(tbs: tbs, algorithm: algorithm, signature: signature)
        return (try? Certificate(derEncoded: der)).map {
            LintSubject(
                $0, issuance: .init(authority: workbench.authority, signingAlgorithm: algorithm))
        }
    }

    private static func findings(_ defect: Defect?, below workbench: Workbench) throws -> [LintFinding] {
        Linter.findings(
            tbsCertificate: try tbsCertificate(defect, below: workbench),
            signedWith: defect?.signing ?? .sha256WithECDSA, authority: workbench.authority)
    }

    private static func tbsCertificate(_ defect: Defect?, below workbench: Workbench) throws -> [UInt8] {
        let csr = try OpenSSLRequest.make()
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

    @Test(arguments: defects + extensionDefects)
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
        #expect(findings.allSatisfy { $0.rule == "Signet" || $0.rule.hasPrefix("RFC 5280, ") })
    }

    @Test func `every rule has a defect that it finds`() throws {
        let workbench = try Workbench(pathLength: 2)
        let subjects =
            try (Self.defects + Self.extensionDefects).compactMap { try Self.subject($0, below: workbench) }
            + Self.authorityDefects.compactMap { try Self.subject($0, below: Self.constrained()) }
            + ForeignCertificates.defective().map { LintSubject($0, issuance: nil) }
        for (index, rule) in Linter.rules.enumerated() {
            // The parser refuses a duplicate extension before the rule for it can.
            guard rule.field != "extensions" || rule.source != "RFC 5280, section 4.2" else { continue }
            #expect(
                subjects.contains { rule.problem($0) != nil }, "rule \(index): \(rule.source) \(rule.field)")
        }
    }

    @Test func `certificates of somebody else are held against the rules that need no issuer`() throws {
        let expected = ["is made with SHA-1", "that is not a UTCTime", "is not 3"]
        for (certificate, problem) in zip(try ForeignCertificates.defective(), expected) {
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            let findings = Linter.findings(certificate: serializer.serializedBytes)
            #expect(findings.contains { $0.problem.contains(problem) }, "\(findings)")
        }
        #expect(Linter.findings(certificate: [0x30, 0x00]).map(\.field) == ["Certificate"])
        let weak = try Command.output(
            "openssl",
            [
                "req", "-x509", "-subj", "/CN=a", "-nodes", "-keyout", "/dev/null", "-newkey", "rsa:1024",
            ])
        let der = try PEM.block(Array(weak.utf8), labels: PEM.certificate).contents
        #expect(Linter.findings(certificate: der).first?.problem.contains("less than 2048 bits") == true)
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

/// Certificates as others make them.
enum ForeignCertificates {
    static func defective() throws -> [Certificate] {
        let sha1 = ["req", "-x509", "-subj", "/CN=a.example", "-nodes", "-keyout", "/dev/null", "-sha1"]
        return [
            try openssl(sha1 + ["-newkey", "rsa:2048"]),
            try rewritten(time: .generalizedTime), try rewritten(version: 1),
        ]
    }

    private static func openssl(_ arguments: [String]) throws -> Certificate {
        try Certificate(pemEncoded: try Command.output("openssl", arguments))
    }

    /// One of ours with a time in the wrong form, or with another version.
    private static func rewritten(time: ASN1Identifier? = nil, version: UInt8 = 2) throws -> Certificate {
        let original = try openssl([
            "req", "-x509", "-subj", "/CN=a.example", "-nodes", "-keyout", "/dev/null", "-newkey", "rsa:2048",
        ])
        var serializer = DER.Serializer()
        let parts = try DER.sequence(
            DER.parse(original.tbsCertificateBytes), identifier: .sequence
        ) { nodes in
            var parts: [ASN1Node] = []
            while let node = nodes.next() { parts.append(node) }
            return parts
        }
        try serializer.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(
                Int(version), explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific)
            for (index, node) in parts.enumerated().dropFirst() {
                // version, serialNumber, signature, issuer, validity
                guard index == 4, time == .generalizedTime else {
                    coder.serialize(node)
                    continue
                }
                try coder.appendConstructedNode(identifier: .sequence) { validity in
                    for year in [2026, 2030] {
                        try validity.serialize(
                            GeneralizedTime(
                                year: year, month: 1, day: 1, hours: 0, minutes: 0, seconds: 0,
                                fractionalSeconds: 0))
                    }
                }
            }
        }
        let der = SignedObject.assemble(
            tbs: serializer.serializedBytes, algorithm: .sha256WithRSA,
            signature: [UInt8](repeating: 0, count: 256))
        return try Certificate(derEncoded: der)
    }
}
