import PKIX
import SwiftASN1
import X509

@testable import Issuance

/// Names and texts in extensions without a rule of their own.
extension LinterTests {
    /// An extension with this name.
    private typealias Holder = @Sendable ([UInt8]) -> [UInt8]

    private static let method: [UInt8] = [0x06, 1, 0x2A]
    private static let professions: [UInt8] = tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x0C, [0x61]))))
    /// id-qcs-pkixQCSyntax-v1 and v2
    private static func semantics(_ version: UInt8) -> [UInt8] {
        tlv(0x06, [0x2B, 6, 1, 5, 5, 7, 11, version])
    }

    /// Extensions with a GeneralName.
    private static let holders: [(String, ASN1ObjectIdentifier, Holder)] = [
        ("certificateIssuer", [2, 5, 29, 29], { tlv(0x30, $0) }),
        ("issuingDistributionPoint", [2, 5, 29, 28], { tlv(0x30, tlv(0xA0, tlv(0xA0, $0))) }),
        ("admission", [1, 3, 36, 8, 3, 3], { tlv(0x30, $0, tlv(0x30, tlv(0x30, professions))) }),
        (
            "an admission of admissions", [1, 3, 36, 8, 3, 3],
            { tlv(0x30, tlv(0x30, tlv(0x30, tlv(0xA0, $0), professions))) }
        ),
        (
            "the locator of OCSP", [1, 3, 6, 1, 5, 5, 7, 48, 1, 7],
            {
                tlv(
                    0x30, NameDER.commonName("a"),
                    tlv(0x30, tlv(0x30, method, NameDER.dns("a.example")), tlv(0x30, method, $0)))
            }
        ),
        (
            "nameRegistrationAuthorities of v1", [1, 3, 6, 1, 5, 5, 7, 1, 3],
            { tlv(0x30, tlv(0x30, semantics(1), tlv(0x30, tlv(0x30, $0)))) }
        ),
        (
            "nameRegistrationAuthorities of v2", [1, 3, 6, 1, 5, 5, 7, 1, 3],
            { tlv(0x30, tlv(0x30, semantics(2), tlv(0x30, method, tlv(0x30, $0)))) }
        ),
        ("security identifier", [1, 3, 6, 1, 4, 1, 311, 25, 2], { tlv(0x30, $0) }),
        ("freshestCRL", [2, 5, 29, 46], { tlv(0x30, tlv(0x30, tlv(0xA0, tlv(0xA0, $0)))) }),
    ]

    private static let directoryDefects: [Defect] = holders.flatMap { place, identifier, holder in
        names.map { entry in
            value(
                "\(entry.description) in \(place)", identifier, holder(NameDER.directory(entry.name)),
                field: "directoryName", entry.problem)
        }
    }

    private static let otherFormDefects: [Defect] = holders.filter { $0.1 != [2, 5, 29, 46] }.flatMap {
        place, identifier, holder in
        [
            ("a malformed URI", tlv(0x86, Array("junk %zz".utf8)), "a URI that"),
            ("a URI without a host", tlv(0x86, Array("https:a".utf8)), "a URI that has no host"),
            ("a malformed DNS name", NameDER.dns("a..b"), "a DNS name that is not one"),
            ("an address of three octets", tlv(0x87, [1, 2, 3]), "3 octets"),
            ("no mailbox", tlv(0x81, Array("a".utf8)), "an email address that is not one"),
            ("an empty directory name", NameDER.directory(tlv(0x30)), "an empty directory name"),
            ("a control in an otherName", NameDER.otherName(NameDER.foreign, tlv(0x0C, [7])), "U+0007"),
        ].map { value("\($0.0) in \(place)", identifier, holder($0.1), field: "general names", $0.2) }
    }

    private static func attribute(_ type: [UInt8], _ text: String, tag: UInt8 = 0x0C) -> [UInt8] {
        NameDER.attribute(type, text, tag: tag)
    }

    private static let relativeDefects: [Defect] = [
        ("an empty CN", attribute(NameDER.commonName, ""), "an empty attribute CN"),
        (
            "a CN of 100 characters", attribute(NameDER.commonName, String(repeating: "a", count: 100)),
            "more than 64"
        ),
        ("a country by name", attribute(NameDER.country, "Sweden"), "not a PrintableString"),
        ("a country of three letters", attribute(NameDER.country, "SWE", tag: 0x13), "more than 2"),
        ("a CN of blanks", attribute(NameDER.commonName, "  "), "nothing but blanks"),
        ("a DC with a dot", attribute(NameDER.domainComponent, "a..b", tag: 0x16), "no label of a domain"),
        ("a TeletexString", attribute(NameDER.commonName, "a", tag: 0x14), "not a UTF8String"),
        ("a foreign TeletexString", attribute(NameDER.foreign, "a", tag: 0x14), "that all read alike"),
    ].flatMap { description, attribute, problem in
        relativeHolders.map { place, identifier, holder in
            value(
                "\(description) in a relative name of \(place)", identifier,
                holder(tlv(0xA0, tlv(0xA1, attribute))), field: "directoryName", problem)
        }
    }

    private static let relativeHolders: [(String, ASN1ObjectIdentifier, Holder)] = [
        ("cRLDistributionPoints", [2, 5, 29, 31], { tlv(0x30, tlv(0x30, $0)) }),
        ("freshestCRL", [2, 5, 29, 46], { tlv(0x30, tlv(0x30, $0)) }),
        ("issuingDistributionPoint", [2, 5, 29, 28], { tlv(0x30, $0) }),
    ]

    private static let issuerDefects: [Defect] = names.map {
        value(
            "\($0.description) in the issuer of a service locator", [1, 3, 6, 1, 5, 5, 7, 48, 1, 7],
            tlv(0x30, $0.name), field: "directoryName", $0.problem)
    }

    private static let directoryAttributeDefects: [Defect] = [
        ("an empty title", [0x55, 4, 12], tlv(0x0C), "empty attribute"),
        ("a long street", NameDER.street, tlv(0x0C, [UInt8](repeating: 0x78, count: 129)), "more than 128"),
        ("a control", NameDER.foreign, tlv(0x0C, [7]), "U+0007"),
        ("a title as IA5String", [0x55, 4, 12], tlv(0x16, [0x61]), "not a UTF8String"),
    ].map {
        value(
            "\($0.0) in subjectDirectoryAttributes", [2, 5, 29, 9],
            tlv(0x30, tlv(0x30, tlv(0x06, $0.1), tlv(0x31, $0.2))), field: "directoryName", $0.3)
    }

    private static let url: [UInt8] = tlv(0x16, Array("http://a b/".utf8))
    private static let urlDefects: [Defect] = [
        (
            "biometricInfo", [1, 3, 6, 1, 5, 5, 7, 1, 2],
            tlv(0x30, tlv(0x30, [2, 1, 0], tlv(0x30, method), tlv(4, [1]), url))
        ),
        ("a CrlID", [1, 3, 6, 1, 5, 5, 7, 48, 1, 3], tlv(0x30, tlv(0xA0, url))),
        (
            "a naming authority", [1, 3, 36, 8, 3, 3],
            tlv(0x30, tlv(0x30, tlv(0x30, tlv(0xA1, tlv(0x30, url)), professions)))
        ),
        (
            "the naming authority of a profession", [1, 3, 36, 8, 3, 3],
            tlv(
                0x30,
                tlv(
                    0x30,
                    tlv(0x30, tlv(0x30, tlv(0x30, tlv(0xA0, tlv(0x30, url)), tlv(0x30, tlv(0x0C, [0x61])))))))
        ),
        (
            "a disclosure statement", [1, 3, 6, 1, 5, 5, 7, 1, 3],
            tlv(
                0x30,
                tlv(
                    0x30, tlv(0x06, [0x04, 0x00, 0x8E, 0x46, 0x01, 5]),
                    tlv(0x30, tlv(0x30, tlv(0x16, Array("https:a".utf8)), tlv(0x13, Array("en".utf8))))))
        ),
    ].map { (place: String, identifier: ASN1ObjectIdentifier, bytes: [UInt8]) in
        value("a URI that is none in \(place)", identifier, bytes, field: "general names", "holds a URI that")
    }

    /// Texts with a character that hides or reorders text.
    private static let textDefects: [Defect] = [
        (
            "a certificate type with a control", [1, 3, 6, 1, 4, 1, 311, 20, 2], tlv(0x1E, [0, 0x61, 0, 7]),
            "U+0007"
        ),
        (
            "a certificate type that turns around", [1, 3, 6, 1, 4, 1, 311, 20, 2], tlv(0x1E, [0x20, 0x2E]),
            "U+202E"
        ),
        ("a comment with a control", [2, 16, 840, 1, 113730, 1, 13], tlv(0x16, [0x61, 0x1B]), "U+001B"),
        (
            "a version with a control", [1, 2, 840, 113533, 7, 65, 0],
            tlv(0x30, tlv(0x1B, [0x56, 0x08]), tlv(3, [0])), "U+0008"
        ),
        (
            "a sign tool that turns around", [1, 2, 643, 100, 111], tlv(0x0C, Array("\u{202E}a".utf8)),
            "U+202E"
        ),
        (
            "a profession with a control", [1, 3, 36, 8, 3, 3],
            tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x0C, [0x0A]))))))), "U+000A"
        ),
        (
            "a registration reference with a zero", [2, 23, 140, 3, 1],
            tlv(0x30, tlv(0x13, Array("VAT".utf8)), tlv(0x13, Array("SE".utf8)), tlv(0x0C, [0x61, 0])),
            "U+0000"
        ),
    ].map { value($0.0, $0.1, $0.2, field: "extensions", $0.3) }

    private static func policyInformation(_ qualifiers: [UInt8]...) -> [UInt8] {
        tlv(0x30, policy, qualifiers.isEmpty ? [] : tlv(0x30, qualifiers.flatMap { $0 }))
    }
    private static func practiceStatement(_ text: String) -> [UInt8] {
        tlv(0x30, tlv(0x06, [0x2B, 6, 1, 5, 5, 7, 2, 1]), tlv(0x16, Array(text.utf8)))
    }
    private static func applicationNotice(_ parts: [UInt8]...) -> [UInt8] {
        tlv(0x30, tlv(0x06, [0x2B, 6, 1, 5, 5, 7, 2, 2]), tlv(0x30, parts.flatMap { $0 }))
    }

    private static let applicationPolicyDefects: [Defect] = [
        ("a policy twice", policyInformation() + policyInformation(), "twice"),
        (
            "a practice statement that is not a URI", policyInformation(practiceStatement("junk")),
            "not an absolute URI"
        ),
        ("an empty notice", policyInformation(applicationNotice()), "without anything in it"),
        ("an empty text", policyInformation(applicationNotice(tlv(0x0C))), "empty explicitText"),
        (
            "a long text",
            policyInformation(applicationNotice(tlv(0x0C, [UInt8](repeating: 0x61, count: 201)))),
            "more than 200"
        ),
        ("a text with a control", policyInformation(applicationNotice(tlv(0x0C, [7]))), "cannot be seen"),
        ("a text as IA5String", policyInformation(applicationNotice(tlv(0x16, [0x61]))), "an IA5String"),
    ].map {
        value(
            "\($0.0) of an application", [1, 3, 6, 1, 4, 1, 311, 21, 10], tlv(0x30, $0.1),
            field: "application policies", $0.2)
    }

    static let otherHolderDefects: [Defect] =
        directoryDefects + otherFormDefects + relativeDefects + issuerDefects + directoryAttributeDefects
        + urlDefects + textDefects + applicationPolicyDefects
}
