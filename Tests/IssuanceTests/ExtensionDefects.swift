import Crypto
import Foundation
import PKIX
import SwiftASN1
import X509

@testable import Issuance

extension LinterTests {
    private static func der(
        _ oid: ASN1ObjectIdentifier, critical: Bool = false, _ bytes: [UInt8]
    ) -> Certificate.Extension { .init(oid: oid, critical: critical, value: bytes[...]) }

    private static func makeAuthority(_ tbs: inout TBSCertificate) throws {
        replace(
            try .init(BasicConstraints.isCertificateAuthority(maxPathLength: 0), critical: true), in: &tbs)
        replace(try .init(KeyUsage(keyCertSign: true), critical: true), in: &tbs)
    }

    private static func names(_ names: [GeneralName], in tbs: inout TBSCertificate) throws {
        replace(try .init(SubjectAlternativeNames(names), critical: false), in: &tbs)
    }

    /// Defects of extensions.
    static let extensionDefects: [Defect] = [
        Defect(testDescription: "a value that is not DER", field: "extensions", problem: "is not DER") {
            tbs, _ in replace(der([1, 3, 6, 1, 4, 1, 99_999, 1], [0x30, 0x05, 0x01]), in: &tbs)
        },
        Defect(testDescription: "a poison", field: "extensions", problem: "poison") { tbs, _ in
            replace(der([1, 3, 6, 1, 4, 1, 11129, 2, 4, 3], critical: true, [0x05, 0x00]), in: &tbs)
        },
        Defect(testDescription: "a key usage without bits", field: "keyUsage", problem: "is empty") {
            tbs, _ in replace(der([2, 5, 29, 15], critical: true, [0x03, 0x01, 0x00]), in: &tbs)
        },
        Defect(testDescription: "a malformed key usage", field: "keyUsage", problem: "does not parse") {
            tbs, _ in replace(der([2, 5, 29, 15], [0x04, 0x00]), in: &tbs)
        },
        Defect(
            testDescription: "encipherOnly alone", field: "keyUsage", problem: "without keyAgreement"
        ) { tbs, _ in
            replace(try .init(KeyUsage(digitalSignature: true, encipherOnly: true), critical: true), in: &tbs)
        },
        Defect(
            testDescription: "an Ed25519 key with keyAgreement", field: "keyUsage",
            problem: "can only sign"
        ) { tbs, _ in
            let key = Certificate.PublicKey(Curve25519.Signing.PrivateKey().publicKey)
            var serializer = DER.Serializer()
            try serializer.serialize(key)
            tbs.subjectPublicKeyInfo = serializer.serializedBytes
            replace(try .init(KeyUsage(keyAgreement: true), critical: true), in: &tbs)
        },
        Defect(testDescription: "no purposes", field: "extendedKeyUsage", problem: "is empty") { tbs, _ in
            replace(der([2, 5, 29, 37], [0x30, 0x00]), in: &tbs)
        },
        Defect(
            testDescription: "any purpose, in a critical extension", field: "extendedKeyUsage",
            problem: "anyExtendedKeyUsage"
        ) { tbs, _ in replace(try .init(ExtendedKeyUsage([.any]), critical: true), in: &tbs) },
        Defect(
            testDescription: "time stamping among other purposes", field: "extendedKeyUsage",
            problem: "the only purpose"
        ) { tbs, _ in
            replace(try .init(ExtendedKeyUsage([.timeStamping, .serverAuth]), critical: true), in: &tbs)
        },
        Defect(testDescription: "a repeated policy", field: "certificatePolicies", problem: "twice") {
            tbs, _ in
            let policy = CertificatePolicies.Policy(identifier: [1, 2, 3], practiceStatements: [])
            replace(try CertificatePolicies([policy, policy]).makeExtension(critical: false), in: &tbs)
        },
        Defect(testDescription: "no policies", field: "certificatePolicies", problem: "is empty") { tbs, _ in
            replace(der([2, 5, 29, 32], [0x30, 0x00]), in: &tbs)
        },
        Defect(
            testDescription: "policy constraints of an end entity", field: "policy extensions",
            problem: "not for a certificate authority"
        ) { tbs, _ in
            replace(der([2, 5, 29, 36], critical: true, [0x30, 0x03, 0x80, 0x01, 0x00]), in: &tbs)
        },
        Defect(
            testDescription: "policy constraints that are not critical", field: "policy extensions",
            problem: "not critical"
        ) { tbs, _ in
            try makeAuthority(&tbs)
            replace(der([2, 5, 29, 36], [0x30, 0x03, 0x80, 0x01, 0x00]), in: &tbs)
        },
        Defect(
            testDescription: "empty policy constraints", field: "policy extensions", problem: "empty"
        ) { tbs, _ in
            try makeAuthority(&tbs)
            replace(der([2, 5, 29, 36], critical: true, [0x30, 0x00]), in: &tbs)
        },
        Defect(
            testDescription: "a malformed mailbox", field: "subjectAltName", problem: "email address"
        ) { tbs, _ in try names([.rfc822Name("not a mailbox")], in: &tbs) },
        Defect(testDescription: "a relative URI", field: "subjectAltName", problem: "not absolute") {
            tbs, _ in try names([.uniformResourceIdentifier("/path")], in: &tbs)
        },
        Defect(
            testDescription: "an empty directory name", field: "subjectAltName",
            problem: "empty directory name"
        ) { tbs, _ in try names([.directoryName(DistinguishedName())], in: &tbs) },
        Defect(testDescription: "an empty issuer alternative name", field: "issuerAltName", problem: "empty")
        {
            tbs, _ in replace(der([2, 5, 29, 18], [0x30, 0x00]), in: &tbs)
        },
        Defect(
            testDescription: "name constraints of an end entity", field: "nameConstraints",
            problem: "not for a certificate authority"
        ) { tbs, _ in
            replace(
                try .init(NameConstraints(permittedDNSDomains: ["example.com"]), critical: true), in: &tbs)
        },
        Defect(
            testDescription: "name constraints that are not critical", field: "nameConstraints",
            problem: "is not critical"
        ) { tbs, _ in
            try makeAuthority(&tbs)
            replace(
                try .init(NameConstraints(permittedDNSDomains: ["example.com"]), critical: false), in: &tbs)
        },
        Defect(
            testDescription: "an IP range without a mask", field: "nameConstraints", problem: "4 octets"
        ) { tbs, _ in
            try makeAuthority(&tbs)
            let range = ASN1OctetString(contentBytes: [10, 0, 0, 0])
            replace(try .init(NameConstraints(permittedIPRanges: [range]), critical: true), in: &tbs)
        },
        Defect(
            testDescription: "name constraints of a form that no relying party processes",
            field: "nameConstraints",
            problem: "do not process"
        ) { tbs, _ in
            try makeAuthority(&tbs)
            replace(
                try .init(NameConstraints(permittedSubtrees: [.registeredID([1, 2, 3])]), critical: true),
                in: &tbs)
        },
        Defect(
            testDescription: "a distance in name constraints", field: "nameConstraints",
            problem: "minimum"
        ) { tbs, _ in
            try makeAuthority(&tbs)
            // permittedSubtrees with the DNS name `a` and a minimum of 1.
            let subtree: [UInt8] = [0x30, 0x06, 0x82, 0x01, 0x61, 0x80, 0x01, 0x01]
            replace(der([2, 5, 29, 30], critical: true, [0x30, 0x0A, 0xA0, 0x08] + subtree), in: &tbs)
        },
        Defect(
            testDescription: "critical distribution points", field: "cRLDistributionPoints",
            problem: "is critical"
        ) { tbs, _ in
            replace(
                der([2, 5, 29, 31], critical: true, [0x30, 0x04, 0x30, 0x02, 0xA0, 0x00]), in: &tbs)
        },
        Defect(
            testDescription: "a distribution point without a name", field: "cRLDistributionPoints",
            problem: "without a name"
        ) { tbs, _ in replace(der([2, 5, 29, 31], [0x30, 0x02, 0x30, 0x00]), in: &tbs) },
        Defect(
            testDescription: "critical information access", field: "information access",
            problem: "is critical"
        ) { tbs, _ in
            replace(der([1, 3, 6, 1, 5, 5, 7, 1, 1], critical: true, [0x30, 0x00]), in: &tbs)
        },
        Defect(testDescription: "empty information access", field: "information access", problem: "is empty")
        {
            tbs, _ in replace(der([1, 3, 6, 1, 5, 5, 7, 1, 11], [0x30, 0x00]), in: &tbs)
        },
        Defect(
            testDescription: "critical directory attributes", field: "subjectDirectoryAttributes",
            problem: "is critical"
        ) { tbs, _ in replace(der([2, 5, 29, 9], critical: true, [0x30, 0x00]), in: &tbs) },
        Defect(testDescription: "a country in UTF-8", field: "subject", problem: "not a PrintableString") {
            tbs, _ in
            tbs.subject = try name(
                DistinguishedName([
                    RelativeDistinguishedName(.init(type: [2, 5, 4, 6], utf8String: "SE"))
                ]))
        },
    ]

    /// Violations of the limits in the issuing certificates.
    static let authorityDefects: [Defect] = [
        Defect(testDescription: "an excluded name", field: "subject", problem: "Name Constraints violation") {
            tbs, _ in try names([.dnsName("a.example.org")], in: &tbs)
        },
        Defect(testDescription: "an excluded purpose", field: "extendedKeyUsage", problem: "does not allow") {
            tbs, _ in replace(try .init(ExtendedKeyUsage([.codeSigning]), critical: false), in: &tbs)
        },
    ]
}
