import PKIX
import SwiftASN1
import X509

@testable import Issuance

/// Values with a correct outer syntax and one fault at a leaf that breaks relying parties.
extension LinterTests {
    private static let unknown: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 99999, 7]
    private static let subjectNames: ASN1ObjectIdentifier = [2, 5, 29, 17]

    /// Values of an unknown extension: DER of universal types.
    private static let universalDefects: [Defect] = [
        ("a constructed OCTET STRING", tlv(0x24, tlv(0x04, [1])), "an OCTET STRING is constructed"),
        ("a constructed UTF8String", tlv(0x2C, tlv(0x0C, [0x61])), "a UTF8String is constructed"),
        ("a constructed INTEGER", tlv(0x22, tlv(0x02, [1])), "an INTEGER is constructed"),
        ("a constructed BOOLEAN within", tlv(0x30, tlv(0x21, tlv(0x01, [0xFF]))), "a BOOLEAN is constructed"),
        ("a constructed OBJECT IDENTIFIER", tlv(0x26, tlv(0x06, [0x2A])), "is constructed"),
        ("end-of-contents octets", tlv(0x30, [0, 0]), "end-of-contents"),
        ("a reserved tag", tlv(0x0F), "reserved"),
        ("octets that are no UTF-8", tlv(0x0C, [0xFF, 0xFE]), "octet 1 does not fit a UTF8String"),
        ("an at sign in a PrintableString", tlv(0x13, [0x61, 0x40]), "octet 2 does not fit"),
        ("half a character of a BMPString", tlv(0x1E, [0x61]), "does not fit a BMPString"),
        ("a letter in a NumericString", tlv(0x12, [0x61]), "does not fit"),
        ("a UTCTime of letters", tlv(0x17, Array("zz".utf8)), "is no moment"),
        ("a UTCTime without seconds", tlv(0x17, Array("2601010000Z".utf8)), "is no moment"),
        ("a thirteenth month", tlv(0x18, Array("20261301000000Z".utf8)), "is no moment"),
        ("a fraction that ends in zero", tlv(0x18, Array("20260101000000.50Z".utf8)), "is no moment"),
        ("a time with an offset", tlv(0x18, Array("20260101000000+0100".utf8)), "is no moment"),
        ("an empty ENUMERATED", tlv(0x0A), "an ENUMERATED is empty"),
        ("a padded ENUMERATED", tlv(0x0A, [0, 1]), "an ENUMERATED is empty or not"),
        ("a padded RELATIVE-OID", tlv(0x0D, [0x80, 0x01]), "a RELATIVE-OID"),
        ("a SET with falling tags", tlv(0x31, tlv(0x04), tlv(0x02, [1])), "a SET is not in order"),
        ("a SET OF that falls", tlv(0x31, tlv(0x02, [2]), tlv(0x02, [1])), "a SET is not in order"),
        (
            "an object identifier that is long in decimal",
            tlv(0x06, [0x2A, 0x03] + [UInt8](repeating: 0x7F, count: 45)), "characters in dotted decimal"
        ),
        (
            "an object identifier of a UUID",
            tlv(0x06, [0x69, 0x83] + [UInt8](repeating: 0xFF, count: 17) + [0x7F]), "more than 63 bits"
        ),
    ].map { value($0.0, unknown, $0.1, field: "extensions", $0.2) }

    private static func otherName(_ value: [UInt8]) -> [UInt8] {
        tlv(0x30, tlv(0x82, Array("a.example".utf8)), tlv(0xA0, [0x06, 0x02, 0x2A, 0x03], tlv(0xA0, value)))
    }

    private static let nameLeafDefects: [Defect] =
        [
            (
                "an otherName with a padded INTEGER", otherName(tlv(0x02, [0, 1])), "extensions",
                "least number"
            ),
            (
                "an otherName with a BOOLEAN of 5", otherName(tlv(0x01, [5])), "extensions",
                "neither 00 nor FF"
            ),
            ("an otherName with a primitive SEQUENCE", otherName(tlv(0x10)), "extensions", "as primitive"),
            (
                "an otherName with a constructed string", otherName(tlv(0x24, tlv(0x04, [1]))), "extensions",
                "is constructed"
            ),
            (
                "a primitive X.400 address",
                tlv(0x30, tlv(0x82, Array("a.example".utf8)), tlv(0x83, Array("junk".utf8))),
                "subjectAltName", "ORAddress"
            ),
            ("an X.400 address of nothing", tlv(0x30, tlv(0xA3)), "subjectAltName", "ORAddress"),
            (
                "an X.400 address of text", tlv(0x30, tlv(0xA3, tlv(0x0C, [0x61]))), "subjectAltName",
                "ORAddress"
            ),
        ].map { value($0.0, subjectNames, $0.1, field: $0.2, $0.3) }

    private static func relativeName(_ attributes: [UInt8]...) -> [UInt8] {
        tlv(0x30, tlv(0x30, tlv(0xA0, tlv(0xA1, attributes.flatMap { $0 }))))
    }
    private static let commonName: [UInt8] = [0x06, 0x03, 0x55, 0x04, 0x03]

    private static let relativeNameDefects: [Defect] =
        [
            (
                "no UTF-8", relativeName(tlv(0x30, commonName, tlv(0x0C, [0xFF]))), "extensions",
                "does not fit"
            ),
            (
                "an empty type", relativeName(tlv(0x30, [0x06, 0x00], tlv(0x0C, [0x61]))), "extensions",
                "OBJECT IDENTIFIER is malformed"
            ),
            (
                "a long length", relativeName(tlv(0x30, commonName, [0x0C, 0x81, 0x01, 0x61])), "extensions",
                "shortest form"
            ),
            (
                "a SEQUENCE as value", relativeName(tlv(0x30, commonName, tlv(0x30))),
                "cRLDistributionPoints",
                "no character string"
            ),
            (
                "a control", relativeName(tlv(0x30, commonName, tlv(0x0C, [0x07]))), "cRLDistributionPoints",
                "no name may hold"
            ),
            (
                "a type twice",
                relativeName(
                    tlv(0x30, commonName, tlv(0x0C, [0x61])), tlv(0x30, commonName, tlv(0x0C, [0x62]))),
                "cRLDistributionPoints", "two attributes of one type"
            ),
        ].map { value("a relative name with \($0.0)", [2, 5, 29, 31], $0.1, field: $0.2, $0.3) }

    private static func subtrees(_ permitted: [UInt8], _ excluded: [UInt8] = []) -> [UInt8] {
        tlv(0x30, permitted, excluded)
    }
    private static let host: [UInt8] = tlv(0x30, tlv(0x82, Array("a.example".utf8)))

    private static let constraintDefects: [Defect] =
        [
            ("no permitted subtree beside an excluded one", subtrees(tlv(0xA0), tlv(0xA1, host)), "is empty"),
            ("no excluded subtree beside a permitted one", subtrees(tlv(0xA0, host), tlv(0xA1)), "is empty"),
            (
                "an address outside its mask",
                subtrees(tlv(0xA0, tlv(0x30, tlv(0x87, [10, 1, 0, 0, 255, 0, 0, 0])))), "outside its mask"
            ),
            (
                "a maximum",
                subtrees(tlv(0xA0, tlv(0x30, tlv(0x82, Array("a".utf8)), tlv(0x81, [1])))), "maximum"
            ),
        ].map {
            value(
                $0.0, [2, 5, 29, 30], $0.1, field: "nameConstraints", $0.2, critical: true, ofAuthority: true)
        }

    private static func notice(_ parts: [UInt8]...) -> [UInt8] {
        qualified(policy, userNotice + tlv(0x30, parts.flatMap { $0 }))
    }
    private static func reference(_ organization: String, _ numbers: [UInt8] = [0x02, 0x01, 0x01]) -> [UInt8]
    {
        tlv(0x30, tlv(0x0C, Array(organization.utf8)), tlv(0x30, numbers))
    }

    private static let noticeDefects: [Defect] = [
        ("an empty notice", notice(), "without anything in it"),
        ("a noticeRef without a number", notice(reference("a", [])), "no number"),
        ("an empty organization", notice(reference("")), "not 1 to 200"),
        ("a long organization", notice(reference(String(repeating: "a", count: 201))), "not 1 to 200"),
        ("an organization with a zero octet", notice(reference("a\u{0}")), "cannot be seen"),
        ("an explicitText with an escape", notice(tlv(0x0C, [0x1B])), "cannot be seen"),
        ("an explicitText that turns around", notice(tlv(0x0C, Array("\u{202E}".utf8))), "cannot be seen"),
    ].map { value($0.0, [2, 5, 29, 32], $0.1, field: "certificatePolicies", $0.2) }

    private static func statement(_ number: UInt8, _ info: [UInt8]) -> [UInt8] {
        tlv(0x30, tlv(0x30, tlv(0x06, [0x04, 0x00, 0x8E, 0x46, 0x01, number]), info))
    }
    private static func limit(_ currency: [UInt8]) -> [UInt8] {
        statement(2, tlv(0x30, currency, [0x02, 0x01, 0x01], [0x02, 0x01, 0x01]))
    }
    private static func disclosure(_ url: String, _ language: [UInt8]) -> [UInt8] {
        statement(5, tlv(0x30, tlv(0x30, tlv(0x16, Array(url.utf8)), tlv(0x13, language))))
    }
    private static let english = Array("en".utf8)

    private static let statementDefects: [Defect] = [
        ("a currency of octets", limit(tlv(0x13, [0xFF, 0xFF, 0xFF])), "currency"),
        ("a currency of another type", limit(tlv(0x0C, Array("EUR".utf8))), "currency"),
        ("the currency 1000", limit([0x02, 0x02, 0x03, 0xE8]), "currency"),
        ("an empty URL", disclosure("", english), "not a URL"),
        ("a URL with an escape", disclosure("https://a/\u{1B}", english), "not a URL"),
        ("a language of octets", disclosure("https://a/", [0xFF, 0xFF]), "two letters"),
        ("a country of digits", statement(7, tlv(0x30, tlv(0x13, Array("12".utf8)))), "two letters"),
    ].map { value($0.0, [1, 3, 6, 1, 5, 5, 7, 1, 3], $0.1, field: "qcStatements", $0.2) }

    private static let otherDefects: [Defect] = [
        value("an empty CRL number", [2, 5, 29, 20], [0x02, 0x00], field: "cRLNumber", "at most 20 octets"),
        value("a negative CRL number", [2, 5, 29, 20], [0x02, 0x01, 0xFF], field: "cRLNumber", "from 0 on"),
        value(
            "a padded CRL number", [2, 5, 29, 20], [0x02, 0x02, 0, 1], field: "extensions", "least number"),
        value(
            "a delta of 21 octets", [2, 5, 29, 27], tlv(0x02, [UInt8](repeating: 1, count: 21)),
            field: "deltaCRLIndicator", "at most 20 octets"),
        value(
            "an issuing distribution point of nothing", [2, 5, 29, 28], tlv(0x30),
            field: "issuingDistributionPoint", "is empty"),
        value(
            "a certificate issuer that is not UTF-8", [2, 5, 29, 29],
            tlv(0x30, tlv(0xA4, tlv(0x30, tlv(0x31, tlv(0x30, commonName, tlv(0x0C, [0xFF])))))),
            field: "extensions", "does not fit"),
        value(
            "a service locator with an empty type", [1, 3, 6, 1, 5, 5, 7, 48, 1, 7],
            tlv(0x30, tlv(0x30, tlv(0x31, tlv(0x30, [0x06, 0x00], tlv(0x0C, [0x61]))))),
            field: "extensions", "OBJECT IDENTIFIER is malformed"),
        value(
            "a gender that is not a letter", [2, 5, 29, 9],
            tlv(0x30, tlv(0x30, [0x06, 0x08, 0x2B, 6, 1, 5, 5, 7, 9, 3], tlv(0x31, tlv(0x13, [0xFF])))),
            field: "subjectDirectoryAttributes", "PrintableString"),
        value(
            "the TLS feature 1", [1, 3, 6, 1, 5, 5, 7, 1, 24], tlv(0x30, [0x02, 0x01, 0x01]),
            field: "TLS feature", "status_request"),
    ]

    static let leafDefects =
        universalDefects + nameLeafDefects + relativeNameDefects + constraintDefects + noticeDefects
        + statementDefects + otherDefects + knownLeafDefects
}
