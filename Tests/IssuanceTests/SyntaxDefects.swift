import Crypto
import PKIX
import SwiftASN1
import X509
import _CryptoExtras

@testable import Issuance

/// Extensions that violate their standards, each with one fault at a leaf.
extension LinterTests {
    static func put(
        _ oid: ASN1ObjectIdentifier, critical: Bool = false, _ bytes: [UInt8], in tbs: inout TBSCertificate
    ) {
        replace(.init(oid: oid, critical: critical, value: bytes[...]), in: &tbs)
    }

    static func tlv(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        let contents = parts.flatMap { $0 }
        return
            (contents.count < 128
            ? [tag, UInt8(contents.count)]
            : contents.count < 256
                ? [tag, 0x81, UInt8(contents.count)]
                : [tag, 0x82, UInt8(contents.count >> 8), UInt8(contents.count & 0xFF)]) + contents
    }

    private static func makeAuthority(_ tbs: inout TBSCertificate) throws {
        replace(
            try .init(BasicConstraints.isCertificateAuthority(maxPathLength: 0), critical: true), in: &tbs)
        replace(try .init(KeyUsage(keyCertSign: true), critical: true), in: &tbs)
    }

    private static func setKey(_ key: Certificate.PublicKey, in tbs: inout TBSCertificate) throws {
        var serializer = DER.Serializer()
        try serializer.serialize(key)
        tbs.subjectPublicKeyInfo = serializer.serializedBytes
    }

    /// A defect in the value of one extension.
    static func value(
        _ description: String, _ oid: ASN1ObjectIdentifier, _ bytes: [UInt8], field: String,
        _ problem: String,
        critical: Bool = false, ofAuthority: Bool = false
    ) -> Defect {
        Defect(testDescription: description, field: field, problem: problem) { tbs, _ in
            if ofAuthority { try makeAuthority(&tbs) }
            put(oid, critical: critical, bytes, in: &tbs)
        }
    }

    private static func usage(
        _ description: String, _ usage: KeyUsage, _ problem: String,
        key: @escaping @Sendable () throws -> Certificate.PublicKey
    ) -> Defect {
        Defect(testDescription: description, field: "keyUsage", problem: problem) { tbs, _ in
            try setKey(key(), in: &tbs)
            replace(try .init(usage, critical: true), in: &tbs)
        }
    }

    private static let anyPolicy: [UInt8] = [0x06, 0x04, 0x55, 0x1D, 0x20, 0x00]
    static let policy: [UInt8] = [0x06, 0x02, 0x2A, 0x03]
    static let userNotice: [UInt8] = [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x02]
    private static let practice: [UInt8] = [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x01]
    private static let caIssuers: [UInt8] = [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02]

    static func qualified(_ policy: [UInt8], _ qualifier: [UInt8]...) -> [UInt8] {
        tlv(0x30, tlv(0x30, policy, tlv(0x30, qualifier.flatMap { tlv(0x30, $0) })))
    }

    private static func notice(_ tag: UInt8, _ text: [UInt8]) -> [UInt8] {
        qualified(policy, userNotice + tlv(0x30, tlv(tag, text)))
    }

    private static func point(_ parts: [UInt8]...) -> [UInt8] { tlv(0x30, tlv(0x30, parts.flatMap { $0 })) }

    private static func uri(_ text: String) -> [UInt8] { tlv(0x86, Array(text.utf8)) }

    private static let distributionPointDefects: [Defect] = [
        ("an empty cRLIssuer and nothing else", point(tlv(0xA2)), "cRLIssuer is empty"),
        ("an empty fullName", point(tlv(0xA0, tlv(0xA0))), "fullName is empty"),
        ("a distributionPoint without a choice", point(tlv(0xA0)), "nameRelativeToCRLIssuer"),
        ("a relative URI", point(tlv(0xA0, tlv(0xA0, uri("crl.pem")))), "URI"),
        ("a URI beyond ASCII", point(tlv(0xA0, tlv(0xA0, tlv(0x86, [0x68, 0xFF])))), "is not a GeneralName"),
        ("a cRLIssuer that is a URI", point(tlv(0xA2, uri("http://a.example/"))), "not a directory name"),
        ("an empty relative name", point(tlv(0xA0, tlv(0xA1))), "has no attribute"),
        (
            "reasons alone", point([0x81, 0x02, 0x05, 0x60]), "without a name"
        ),
        (
            "reasons with zero bits at the end",
            point(tlv(0xA0, tlv(0xA0, uri("http://a.example/"))), [0x81, 0x02, 0x01, 0x60]),
            "DER does not allow"
        ),
        (
            "something after cRLIssuer", point(tlv(0xA2, uri("http://a.example/")), [0x05, 0x00]),
            "goes on with"
        ),
        ("an otherName without a value", point(tlv(0xA0, tlv(0xA0, tlv(0xA0, policy)))), "without a value"),
        (
            "a directory name with an empty set", point(tlv(0xA2, tlv(0xA4, tlv(0x30, tlv(0x31))))),
            "without attributes"
        ),
    ].map { value($0.0, [2, 5, 29, 31], $0.1, field: "cRLDistributionPoints", $0.2) }

    private static let policyDefects: [Defect] = [
        ("no qualifiers in their list", tlv(0x30, tlv(0x30, policy, tlv(0x30))), "policyQualifiers is empty"),
        (
            "an unknown qualifier of anyPolicy", qualified(anyPolicy, policy + [0x05, 0x00]),
            "qualifier 1.2.3 of anyPolicy"
        ),
        (
            "a practice statement that is not a URI", qualified(policy, practice + tlv(0x16, [0x61])),
            "not an absolute URI"
        ),
        ("a practice statement in UTF-8", qualified(policy, practice + tlv(0x0C, [0x61])), "does not parse"),
        (
            "201 characters of explicitText", notice(0x0C, [UInt8](repeating: 0x61, count: 201)),
            "more than 200"
        ),
        ("an explicitText in IA5", notice(0x16, [0x61]), "IA5String"),
        ("an explicitText that is not UTF-8", notice(0x0C, [0xFF]), "cannot hold"),
        ("an explicitText that is a number", notice(0x02, [1]), "not a DisplayText"),
        ("an empty explicitText", notice(0x0C, []), "empty explicitText"),
        (
            "a notice with a negative number",
            qualified(
                policy,
                userNotice + tlv(0x30, tlv(0x30, tlv(0x0C, [0x61]), tlv(0x30, [0x02, 0x01, 0xFF])))),
            "number is negative"
        ),
        (
            "an unknown qualifier that is not DER",
            qualified(policy, policy + tlv(0x30, [0x01, 0x01, 0x05])),
            "qualifier[1] is not DER"
        ),
        (
            "an unknown qualifier without a value", qualified(policy, policy), "qualifier is missing"
        ),
    ].map { value($0.0, [2, 5, 29, 32], $0.1, field: "certificatePolicies", $0.2) }

    private static func mapping(_ one: [UInt8], _ other: [UInt8]) -> [UInt8] {
        tlv(0x30, tlv(0x30, one, other))
    }

    private static let authorityOnlyDefects: [Defect] = [
        value(
            "anyPolicy mapped", [2, 5, 29, 33], mapping(anyPolicy, policy), field: "policyMappings",
            "maps anyPolicy", critical: true, ofAuthority: true),
        value(
            "half a mapping", [2, 5, 29, 33], tlv(0x30, tlv(0x30, policy)), field: "policy extensions",
            "subjectDomainPolicy", critical: true, ofAuthority: true),
        value(
            "a negative requireExplicitPolicy", [2, 5, 29, 36], tlv(0x30, [0x80, 0x01, 0xFF]),
            field: "policy extensions", "is negative", critical: true, ofAuthority: true),
        value(
            "a negative inhibitAnyPolicy", [2, 5, 29, 54], [0x02, 0x01, 0x80], field: "policy extensions",
            "is negative", critical: true, ofAuthority: true),
        value(
            "a negative path length", [2, 5, 29, 19], tlv(0x30, [0x01, 0x01, 0xFF, 0x02, 0x01, 0xFF]),
            field: "basicConstraints", "is negative", critical: true),
        value(
            "a path length without cA", [2, 5, 29, 19], tlv(0x30, [0x02, 0x01, 0x00]),
            field: "basicConstraints", "without cA"),
        Defect(testDescription: "an IP mask with holes", field: "nameConstraints", problem: "holes") {
            tbs, _ in
            try makeAuthority(&tbs)
            let range = ASN1OctetString(contentBytes: [10, 0, 0, 0, 255, 253, 0, 0])
            replace(try .init(NameConstraints(excludedIPRanges: [range]), critical: true), in: &tbs)
        },
    ]

    private static let longIdentifier = tlv(0x06, [0x2A] + [UInt8](repeating: 0x03, count: 63))

    private static let otherDefects: [Defect] = [
        value(
            "a private extension with an INTEGER of no octet", [1, 3, 6, 1, 4, 1, 99999, 1],
            tlv(0x30, [0x02, 0x00]), field: "extensions", "an INTEGER is empty"),
        value(
            "a private extension with an object identifier of 64 octets", [1, 3, 6, 1, 4, 1, 99999, 1],
            tlv(0x30, longIdentifier), field: "extensions", "64 octets"),
        value(
            "a policy of 64 octets", [2, 5, 29, 32], tlv(0x30, tlv(0x30, longIdentifier)),
            field: "certificatePolicies", "64 octets"),
        value(
            "an otherName of 64 octets", [2, 5, 29, 17],
            tlv(0x30, tlv(0xA0, longIdentifier, tlv(0xA0, tlv(0x0C, [0x61])))),
            field: "subjectAltName", "63 octets that other readers take"),
        value(
            "a registeredID of 64 octets", [2, 5, 29, 18],
            tlv(0x30, tlv(0x88, Array(longIdentifier.dropFirst(2)))), field: "issuerAltName", "64 octets"),
        value(
            "an AKI with an issuer alone", [2, 5, 29, 35],
            tlv(0x30, [0x80, 0x01, 0x01], tlv(0xA1, uri("http://a.example/"))),
            field: "authorityKeyIdentifier", "without the other"),
        value(
            "an AKI with an empty key identifier", [2, 5, 29, 35], tlv(0x30, [0x80, 0x00]),
            field: "authorityKeyIdentifier", "empty keyIdentifier"),
        value(
            "an AKI with more at its end", [2, 5, 29, 35], tlv(0x30, [0x80, 0x01, 0x01, 0x05, 0x00]),
            field: "authorityKeyIdentifier", "goes on with a NULL"),
        value(
            "a SKI that is an INTEGER", [2, 5, 29, 14], [0x02, 0x01, 0x05], field: "subjectKeyIdentifier",
            "OCTET STRING is asked for"),
        value(
            "a SKI of no octet", [2, 5, 29, 14], [0x04, 0x00], field: "subjectKeyIdentifier",
            "empty key identifier"),
        value(
            "a relative caIssuers", [1, 3, 6, 1, 5, 5, 7, 1, 1],
            tlv(0x30, tlv(0x30, caIssuers, uri("/ca.cer"))), field: "information access", "URI"),
        value(
            "an access description without a location", [1, 3, 6, 1, 5, 5, 7, 1, 1],
            tlv(0x30, tlv(0x30, caIssuers)), field: "information access", "accessLocation is missing"),
        value(
            "no directory attributes", [2, 5, 29, 9], tlv(0x30), field: "subjectDirectoryAttributes",
            "is empty"),
        value(
            "a directory attribute without values", [2, 5, 29, 9], tlv(0x30, tlv(0x30, policy, tlv(0x31))),
            field: "subjectDirectoryAttributes", "values is empty"),
        value(
            "a gender of two letters", [2, 5, 29, 9],
            tlv(
                0x30,
                tlv(
                    0x30, [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x09, 0x03],
                    tlv(0x31, tlv(0x13, [0x4D, 0x46])))),
            field: "subjectDirectoryAttributes", "one character"),
        value(
            "a usage period of nothing", [2, 5, 29, 16], tlv(0x30), field: "privateKeyUsagePeriod", "is empty"
        ),
        value(
            "a usage period on the 31st of February", [2, 5, 29, 16],
            tlv(0x30, tlv(0x80, Array("20270231000000Z".utf8))), field: "privateKeyUsagePeriod",
            "notBefore is not DER: a GeneralizedTime is no moment"),
        value(
            "a usage period that ends first", [2, 5, 29, 16],
            tlv(
                0x30, tlv(0x80, Array("20280101000000Z".utf8)), tlv(0x81, Array("20270101000000Z".utf8))),
            field: "privateKeyUsagePeriod", "ends before"),
        value(
            "an empty SCT list", [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2], [0x04, 0x02, 0x00, 0x00],
            field: "SCT list", "is empty"),
        value(
            "an SCT that is cut short", [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2],
            [0x04, 0x05, 0x00, 0x03, 0x00, 0x01, 0x00], field: "SCT list", "cut short"),
        value(
            "a TLS feature of 17 bits", [1, 3, 6, 1, 5, 5, 7, 1, 24],
            tlv(0x30, [0x02, 0x03, 0x01, 0x00, 0x00]),
            field: "TLS feature", "is 65536"),
        value(
            "OCSP no-check with a value", [1, 3, 6, 1, 5, 5, 7, 48, 1, 5], [0x30, 0x00],
            field: "OCSP no-check", "is empty"),
        value(
            "a qcStatement without an identifier", [1, 3, 6, 1, 5, 5, 7, 1, 3], tlv(0x30, tlv(0x30)),
            field: "qcStatements", "statementId"),
        value(
            "a retention period that is text", [1, 3, 6, 1, 5, 5, 7, 1, 3],
            tlv(0x30, tlv(0x30, [0x06, 0x06, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x03], tlv(0x0C, [0x61]))),
            field: "qcStatements", "not an INTEGER"),
        value(
            "noRevAvail that is critical", [2, 5, 29, 56], [0x05, 0x00], field: "noRevAvail", "is critical",
            critical: true),
        Defect(
            testDescription: "noRevAvail beside distribution points", field: "noRevAvail",
            problem: "beside cRLDistributionPoints"
        ) { tbs, _ in
            put([2, 5, 29, 56], [0x05, 0x00], in: &tbs)
            put([2, 5, 29, 31], point(tlv(0xA0, tlv(0xA0, uri("http://a.example/")))), in: &tbs)
        },
        value(
            "a key usage with zero bits at its end", [2, 5, 29, 15], [0x03, 0x02, 0x00, 0x80],
            field: "keyUsage", "DER does not allow", critical: true),
        value(
            "a key usage with a tenth bit", [2, 5, 29, 15], [0x03, 0x03, 0x06, 0x80, 0x40],
            field: "keyUsage", "without a meaning", critical: true),
        usage("an EC key that enciphers keys", KeyUsage(keyEncipherment: true), "RFC 8813") {
            .init(P256.Signing.PrivateKey().publicKey)
        },
        usage(
            "an EC key that enciphers data", KeyUsage(digitalSignature: true, dataEncipherment: true),
            "RFC 8813"
        ) { .init(P384.Signing.PrivateKey().publicKey) },
        usage(
            "an Ed25519 key that enciphers keys", KeyUsage(digitalSignature: true, keyEncipherment: true),
            "RFC 9295"
        ) { .init(Curve25519.Signing.PrivateKey().publicKey) },
        usage(
            "an RSA key that agrees on keys", KeyUsage(digitalSignature: true, keyAgreement: true), "RFC 3279"
        ) { .init(try _RSA.Signing.PrivateKey(keySize: .bits2048).publicKey) },
    ]

    static let syntaxDefects: [Defect] =
        distributionPointDefects + policyDefects + authorityOnlyDefects + otherDefects

    /// Violations of recommendations.
    static let recommendationDefects: [Defect] = [
        Defect(
            testDescription: "a key usage that is not critical", field: "keyUsage", problem: "not critical"
        ) {
            tbs, _ in replace(try .init(KeyUsage(digitalSignature: true), critical: false), in: &tbs)
        },
        value(
            "mappings that are not critical", [2, 5, 29, 33], mapping(policy, policy),
            field: "policyMappings",
            "is not critical", ofAuthority: true),
        value(
            "a mapping of a policy that is not asserted", [2, 5, 29, 33], mapping(policy, policy),
            field: "policyMappings", "certificatePolicies does not hold", critical: true, ofAuthority: true),
        value(
            "an explicitText that is a BMPString", [2, 5, 29, 32], notice(0x1E, [0, 0x61]),
            field: "certificatePolicies", "a BMPString"),
    ]
}
