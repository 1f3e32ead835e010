import Foundation
import PKIX
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Issuance

extension LinterTests {
    @Test func `foreign certificates are checked against the rules that need no issuer`() throws {
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

    // Found by Scripts/fuzz: the library accepts second 61, and then its own assertion ends the process.
    @Test(arguments: ["61", "99", "0a"])
    func `a certificate with an impossible time is malformed`(_ seconds: String) throws {
        let pem = try Command.output(
            "openssl",
            ["req", "-x509", "-subj", "/CN=a", "-nodes", "-keyout", "/dev/null", "-newkey", "rsa:2048"])
        var der = try PEM.block(Array(pem.utf8), labels: PEM.certificate).contents
        // UTCTime of 13 octets; the seconds are before the final Z.
        let start = try #require(der.indices.first { der[$0...].starts(with: [0x17, 0x0D]) })
        der.replaceSubrange((start + 12)..<(start + 14), with: seconds.utf8)
        #expect(Linter.findings(certificate: der).map(\.field) == ["Certificate"])
    }

    /// Keys that no authority of Signet can have: the other rules still apply, and the key is not a syntax
    /// error.
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
    func `the linter continues with an unknown key`(_ key: ForeignKey) throws {
        let extensions = "basicConstraints=CA:TRUE\nkeyUsage=critical,keyAgreement\n"
        let findings = Linter.findings(
            certificate: try ForeignCertificates.signed(
                digest: "sha256", key: key.arguments, extensions: extensions))
        // Other faults are found: CA:TRUE without critical, no keyCertSign.
        for field in ["basicConstraints", "keyUsage"] {
            #expect(findings.contains { $0.field == field }, "\(findings)")
        }
        #expect(!findings.contains { $0.field == "Certificate" }, "\(findings)")
        let ofKey = findings.filter { $0.field == "subjectPublicKeyInfo" }
        #expect(ofKey.count == (key.finding == nil ? 0 : 1), "\(findings)")
        if let text = key.finding { #expect(ofKey.first?.problem.contains(text) == true) }
    }

    @Test(arguments: ["sha1", "md5"])
    func `a weak digest is accepted in a self-signed root only`(_ digest: String) throws {
        for size in ["rsa:2048", "rsa:1024"] {
            let root = try ForeignCertificates.selfSigned(["-newkey", size, "-\(digest)"])
            #expect(
                !Linter.findings(certificate: root).contains { $0.problem.contains("is made with") },
                "\(Linter.findings(certificate: root))")
        }
        let below = try ForeignCertificates.signed(digest: digest)
        #expect(Linter.findings(certificate: below).contains { $0.problem.contains("is made with") })
    }

    @Test func `a signature by RSASSA-PSS is accepted`() throws {
        let root = try ForeignCertificates.selfSigned([
            "-newkey", "rsa:2048", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-addext",
            "keyUsage=critical,keyCertSign",
        ])
        #expect(Linter.findings(certificate: root) == [])
    }

    @Test func `the template's key usage is adapted to elliptic curve keys, and a request's is not`() throws {
        let fixture = try TestAuthority()
        let csr = try OpenSSLRequest.make()
        _ = try fixture.prepare(fixture.request(csr: csr))
        let asked = try Command.output(
            "openssl",
            [
                "req", "-new", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=a", "-newkey", "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256", "-addext", "keyUsage=critical,digitalSignature,keyEncipherment",
            ])
        let template = "arn:aws:acm-pca:::template/BlankEndEntityCertificate_CSRPassthrough/V1"
        #expect {
            _ = try fixture.prepare(fixture.request(csr: asked, template: template))
        } throws: {
            "\($0)".contains("keyUsage has keyEncipherment")
        }
    }
}
