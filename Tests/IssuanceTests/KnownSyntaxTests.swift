import Foundation
import PKIX
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Issuance

/// Extensions beyond RFC 5280: values that OpenSSL writes have no finding, and values that it cannot read
/// have one.
struct KnownSyntaxTests {
    @Test func `a valid value has no finding`() throws {
        for (oid, valid, _, _) in LinterTests.knownSyntaxes {
            let entry = Certificate.Extension(oid: oid, critical: false, value: valid[...])
            #expect(ExtensionSyntax.fault(in: entry) == nil, "\(oid.dotted)")
        }
        let tested = Set(LinterTests.knownSyntaxes.map(\.0))
        #expect(tested == Set(ExtensionSyntax.withoutOtherRules.map(\.identifier)))
    }

    @Test func `values that are checked down to their leaves have no finding`() throws {
        let fixture = try TestAuthority(pathLength: 2)
        for (description, identifier, value) in LinterTests.knownLeaves {
            let defect = LinterTests.value(description, identifier, value, field: "", "")
            let subject = try #require(try LinterTests.subject(defect, below: fixture))
            #expect(Linter.rules.compactMap { $0.problem(subject) } == [], "\(description)")
        }
    }

    /// In the format of `openssl x509v3_config`.
    static let ofOpenSSL = [
        "nsCertType=server,objsign", "nsComment=a comment", "nsBaseUrl=http://a.example/",
        "proxyCertInfo=critical,language:id-ppl-anyLanguage,pathlen:3,policy:text:AB",
        "proxyCertInfo=critical,language:id-ppl-inheritAll",
        "sbgp-ipAddrBlock=critical,IPv4:10.0.0.0/8,IPv4:11.1.0.0-11.1.2.255,IPv6:2001:db8::/32",
        "sbgp-ipAddrBlock=critical,IPv4:0.0.0.0-10.0.0.1,IPv6:inherit",
        "sbgp-ipAddrBlock=critical,IPv4-SAFI:1:10.0.0.0/8,IPv4:0.0.0.0/0,IPv6:::/0",
        "sbgp-autonomousSysNum=critical,AS:64496,AS:64500-64510,RDI:inherit",
        "sbgp-autonomousSysNum=critical,AS:0-4294967295", "tlsfeature=status_request",
        "noCheck=yes", "1.3.6.1.4.1.311.20.2=ASN1:BMPSTRING:CA",
        "1.3.101.1.4.1=ASN1:SEQUENCE:sxnet\n[sxnet]\nversion=INTEGER:0\nids=SEQUENCE:ids\n[ids]\nid=SEQUENCE:id\n[id]\nzone=INTEGER:5\nuser=OCTETSTRING:a",
    ]

    @Test(arguments: ofOpenSSL)
    func `values that OpenSSL writes have no finding`(_ line: String) throws {
        let certificate = try Certificate(
            derEncoded: ForeignCertificates.signed(digest: "sha256", extensions: line + "\n"))
        let extensions = certificate.extensions.filter {
            $0.oid != .X509ExtensionID.authorityKeyIdentifier
                && $0.oid != .X509ExtensionID.subjectKeyIdentifier
        }
        #expect(extensions.count == 1)
        for entry in extensions { #expect(ExtensionSyntax.fault(in: entry) == nil) }
    }

    @Test func `the system's roots have no malformed extension, and their issuer equals their subject`()
        throws
    {
        let bundle = "/etc/ssl/certs/ca-certificates.crt"
        let roots = try PEM.decode(
            Array(try Data(contentsOf: URL(filePath: bundle))), labels: PEM.certificate)
        #expect(roots.count > 50)
        for root in roots {
            // Two of Debian's roots have a keyUsage with trailing zero bits, which DER omits (X.690, section
            // 11.2.2).
            let findings = Linter.malformations(of: root).filter { !$0.problem.contains("hold keyUsage") }
            #expect(findings.isEmpty, "\(findings)")
            let fields = try CertificateFields(derEncoded: root)
            let subject = NameMatch(derEncoded: fields.subject)
            #expect(subject != nil && subject == NameMatch(derEncoded: fields.issuer))
        }
    }
}
