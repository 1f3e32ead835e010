import PKIX
import SwiftASN1
import X509

@testable import Issuance

/// Extensions beyond RFC 5280, each with one fault in its syntax.
extension LinterTests {
    private static let text: [UInt8] = tlv(0x0C, [0x61])
    private static let addresses: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 7]
    private static let systems: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 8]

    private static func ipv4(_ parts: [UInt8]...) -> [UInt8] {
        tlv(0x30, tlv(0x30, tlv(0x04, [0, 1]), tlv(0x30, parts.flatMap { $0 })))
    }
    private static func range(_ low: [UInt8], _ high: [UInt8]) -> [UInt8] {
        tlv(0x30, tlv(0x03, low), tlv(0x03, high))
    }
    private static func numbers(_ parts: [UInt8]...) -> [UInt8] {
        tlv(0x30, tlv(0xA0, tlv(0x30, parts.flatMap { $0 })))
    }
    private static let ten: [UInt8] = tlv(0x03, [0, 10])

    static let addressDefects: [Defect] = [
        ("nothing", tlv(0x30), "is empty"),
        ("no family", tlv(0x30, tlv(0x30)), "addressFamily ends where"),
        ("a family of one octet", tlv(0x30, tlv(0x30, tlv(0x04, [1]), [5, 0])), "neither IPv4"),
        ("a family of telephones", tlv(0x30, tlv(0x30, tlv(0x04, [0, 15]), [5, 0])), "neither IPv4"),
        (
            "a family twice",
            tlv(0x30, tlv(0x30, tlv(0x04, [0, 1]), [5, 0]), tlv(0x30, tlv(0x04, [0, 1]), [5, 0])),
            "ascending order"
        ),
        (
            "IPv6 before IPv4",
            tlv(0x30, tlv(0x30, tlv(0x04, [0, 2]), [5, 0]), tlv(0x30, tlv(0x04, [0, 1]), [5, 0])),
            "ascending order"
        ),
        ("a family without addresses", ipv4(), "addressesOrRanges is empty"),
        ("a NULL with an octet", tlv(0x30, tlv(0x30, tlv(0x04, [0, 1]), tlv(5, [0]))), "not a NULL"),
        ("an address of five octets", ipv4(tlv(0x03, [0, 1, 2, 3, 4, 5])), "more bits than an address"),
        ("unused bits that are not zero", ipv4(tlv(0x03, [4, 0x1F])), "not zero"),
        ("addresses in the wrong order", ipv4(tlv(0x03, [0, 11]), ten), "precedes it"),
        ("a prefix in another", ipv4(ten, tlv(0x03, [0, 10, 1])), "overlaps"),
        ("prefixes that touch", ipv4(ten, tlv(0x03, [0, 11])), "touches"),
        ("a range that is a prefix", ipv4(range([1, 10], [0, 10])), "that is a prefix"),
        ("a range backwards", ipv4(range([0, 13], [1, 8])), "ends before it begins"),
        ("a min with zeros", ipv4(range([0, 10], [0, 12])), "min has zero bits"),
        ("a max with ones", ipv4(range([0, 9], [0, 11])), "max has one bits"),
        ("a range of one end", ipv4(tlv(0x30, ten)), "max ends where"),
    ].map { value("addresses: \($0.0)", addresses, $0.1, field: "IPAddrBlocks", $0.2, critical: true) }

    static let systemDefects: [Defect] = [
        ("nothing", tlv(0x30), "is empty"),
        ("no numbers", numbers(), "asIdsOrRanges is empty"),
        ("a NULL with an octet", tlv(0x30, tlv(0xA0, tlv(5, [0]))), "not a NULL"),
        ("a negative number", numbers([2, 1, 0xFF]), "is negative"),
        ("33 bits", numbers([2, 5, 1, 0, 0, 0, 0]), "number of 32 bits"),
        ("numbers in the wrong order", numbers([2, 1, 5], [2, 1, 3]), "precedes it"),
        ("a number twice", numbers([2, 1, 5], [2, 1, 5]), "overlaps"),
        ("numbers that touch", numbers([2, 1, 5], [2, 1, 6]), "touches"),
        ("a range backwards", numbers(tlv(0x30, [2, 1, 9], [2, 1, 3])), "lower number to a higher"),
        ("a tag of RDI before that of numbers", tlv(0x30, tlv(0xA1, [5, 0]), tlv(0xA0, [5, 0])), "goes on"),
    ].map { value("systems: \($0.0)", systems, $0.1, field: "ASIdentifiers", $0.2, critical: true) }

    /// Below an authority without this extension.
    private static let resourceDefects: [Defect] = [
        value(
            "addresses that the authority does not have", addresses, ipv4(ten), field: "IPAddrBlocks",
            "do not have", critical: true),
        value(
            "inherited addresses that the authority does not have", addresses,
            tlv(0x30, tlv(0x30, tlv(0x04, [0, 1]), [5, 0])), field: "IPAddrBlocks", "do not have",
            critical: true),
        value(
            "numbers that the authority does not have", systems, numbers([2, 1, 5]), field: "ASIdentifiers",
            "do not have", critical: true),
    ]

    private static let inheritAll: [UInt8] = [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x15, 0x01]

    static let proxyDefects: [Defect] =
        [
            ("nothing", tlv(0x30), true, "is empty"),
            ("no language", tlv(0x30, tlv(0x30)), true, "policyLanguage"),
            ("a negative path", tlv(0x30, [2, 1, 0xFF], tlv(0x30, inheritAll)), true, "is negative"),
            ("a policy of inheritAll", tlv(0x30, tlv(0x30, inheritAll, tlv(4, [1]))), true, "has none"),
            ("not critical", tlv(0x30, tlv(0x30, inheritAll)), false, "is not critical"),
            ("beside names", tlv(0x30, tlv(0x30, inheritAll)), true, "beside subjectAltName"),
        ].map {
            value(
                "proxy: \($0.0)", [1, 3, 6, 1, 5, 5, 7, 1, 14], $0.1, field: "proxyCertInfo", $0.3,
                critical: $0.2)
        } + [
            Defect(
                testDescription: "a proxy of an authority", field: "proxyCertInfo",
                problem: "an end entity issues"
            ) { tbs, _ in
                put([1, 3, 6, 1, 5, 5, 7, 1, 14], critical: true, tlv(0x30, tlv(0x30, inheritAll)), in: &tbs)
                drop([2, 5, 29, 17], from: &tbs)
            }
        ]

    private static let professions: [UInt8] = tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x0C, [0x61]))))
    /// szOID_NTDS_OBJECTSID
    static let objectSID: [UInt8] = tlv(0x06, [0x2B, 6, 1, 4, 1, 0x82, 0x37, 25, 2, 1])
    private static let longNumber: [UInt8] = tlv(0x16, [UInt8](repeating: 0x31, count: 16))

    /// By the arcs of the extension: a valid value, an invalid one, and the finding.
    static let knownSyntaxes: [(ASN1ObjectIdentifier, valid: [UInt8], invalid: [UInt8], String)] =
        [
            (
                [1, 3, 6, 1, 5, 5, 7, 1, 2],
                tlv(0x30, tlv(0x30, [2, 1, 0], tlv(0x30, policy), tlv(4, [1]), tlv(0x16, [0x61]))),
                tlv(0x30, tlv(0x30, [2, 1, 0], tlv(0x30, policy), tlv(4, [1]), text)),
                "IA5String is asked for"
            ),
            (
                [1, 2, 840, 113549, 1, 9, 15], tlv(0x30, tlv(0x30, policy, [2, 1, 5])),
                tlv(0x30, tlv(0x30, [2, 1, 5])), "algorithm"
            ),
            (
                [1, 3, 6, 1, 5, 5, 7, 1, 26],
                tlv(0x30, tlv(0xA0, tlv(0x16, [0x41])), tlv(0xA1, tlv(0x30, tlv(0x16, [0x31]), [2, 1, 2]))),
                tlv(0x30, tlv(0xA2, longNumber)), "not a telephone number"
            ),
            (
                [1, 3, 6, 1, 5, 5, 7, 1, 31], tlv(4, [UInt8](repeating: 1, count: 32)), tlv(4, [1]),
                "is not 32 octets"
            ),
            ([1, 3, 6, 1, 4, 1, 44363, 44], [5, 0], [2, 1, 0], "not a NULL"),
            ([2, 5, 29, 20], [2, 1, 5], [4, 1, 5], "INTEGER is asked for"),
            ([2, 5, 29, 27], [2, 1, 5], [5, 0], "INTEGER is asked for"),
            ([2, 5, 29, 28], tlv(0x30, [0x81, 1, 0xFF]), tlv(0x30, [0x81, 1, 0]), "not the TRUE of DER"),
            ([2, 5, 29, 21], [0x0A, 1, 1], [0x0A, 1, 7], "not a CRLReason"),
            ([2, 5, 29, 23], policy, [2, 1, 5], "OBJECT IDENTIFIER is asked for"),
            (
                [2, 5, 29, 24], tlv(0x18, Array("20260101000000Z".utf8)), tlv(0x18, Array("2026".utf8)),
                "not a GeneralizedTime"
            ),
            ([2, 5, 29, 29], tlv(0x30, tlv(0x82, [0x61])), tlv(0x30, tlv(0x02, [1])), "not a GeneralName"),
            ([1, 3, 6, 1, 5, 5, 7, 48, 1, 2], tlv(4, [1]), [2, 1, 1], "OCTET STRING is asked for"),
            (
                [1, 3, 6, 1, 5, 5, 7, 48, 1, 3], tlv(0x30, tlv(0xA1, [2, 1, 1])), tlv(0x30, [2, 1, 1]),
                "goes on"
            ),
            ([1, 3, 6, 1, 5, 5, 7, 48, 1, 4], tlv(0x30, policy), tlv(0x30, [2, 1, 1]), "OBJECT IDENTIFIER"),
            (
                [1, 3, 6, 1, 5, 5, 7, 48, 1, 6], tlv(0x18, Array("20260101000000Z".utf8)),
                tlv(0x17, Array("260101000000Z".utf8)), "GeneralizedTime is asked for"
            ),
            (
                [1, 3, 6, 1, 5, 5, 7, 48, 1, 7], tlv(0x30, tlv(0x30)), tlv(0x30, tlv(0x30, [5, 0])),
                "not a Name"
            ),
            ([2, 16, 840, 1, 113730, 1, 1], tlv(3, [6, 0x40]), tlv(3, [0, 0x40]), "DER does not allow"),
        ]
        + [2, 3, 4, 7, 8, 12, 13].map {
            ([2, 16, 840, 1, 113730, 1, $0], tlv(0x16, [0x61]), tlv(0x16, [0xFF]), "cannot hold")
        } + [
            ([1, 3, 6, 1, 4, 1, 311, 20, 2], tlv(0x1E, [0, 0x61]), tlv(0x1E, [0x61]), "cannot hold"),
            (
                [1, 3, 6, 1, 4, 1, 311, 21, 7], tlv(0x30, policy, [2, 1, 100], [2, 1, 0]),
                tlv(0x30, policy, [2, 1, 100], text), "INTEGER is asked for"
            ),
            ([1, 3, 6, 1, 4, 1, 311, 21, 1], [2, 1, 0], [2, 1, 0xFF], "is negative"),
            ([1, 3, 6, 1, 4, 1, 311, 21, 2], tlv(4, [1]), text, "OCTET STRING is asked for"),
            ([1, 3, 6, 1, 4, 1, 311, 21, 10], tlv(0x30, tlv(0x30, policy)), tlv(0x30, policy), "SEQUENCE"),
            (
                [1, 3, 6, 1, 4, 1, 311, 21, 11], tlv(0x30, tlv(0x30, policy, policy)),
                tlv(0x30, tlv(0x30, policy)), "subjectDomainPolicy"
            ),
            (
                [1, 3, 6, 1, 4, 1, 311, 21, 12], tlv(0x30, [0x80, 1, 0]), tlv(0x30, [0x80, 1, 0xFF]),
                "negative"
            ),
            (
                [1, 3, 6, 1, 4, 1, 311, 25, 2],
                tlv(0x30, tlv(0xA0, objectSID, tlv(0xA0, tlv(4, Array("S-1-5-21-1-2-3-1104".utf8))))),
                tlv(0x30, tlv(0xA0, objectSID, tlv(0xA0, text))), "OCTET STRING is asked for"
            ),
            (
                [1, 3, 36, 8, 3, 3], tlv(0x30, tlv(0x30, tlv(0x30, professions))),
                tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x30, [2, 1, 5])))))),
                "not a DirectoryString"
            ),
            (
                [1, 3, 101, 1, 4, 1], tlv(0x30, [2, 1, 0], tlv(0x30, tlv(0x30, [2, 1, 1], tlv(4, [1])))),
                tlv(
                    0x30, [2, 1, 0],
                    tlv(0x30, tlv(0x30, [2, 1, 1], tlv(4, [UInt8](repeating: 1, count: 65))))),
                "more than 64 octets"
            ),
            (
                [1, 2, 840, 113533, 7, 65, 0], tlv(0x30, tlv(0x1B, [0x56]), tlv(3, [0, 0x81])),
                tlv(0x30, tlv(0x1B, [0x56]), tlv(4, [1])), "BIT STRING is asked for"
            ),
            ([1, 2, 643, 100, 111], text, tlv(0x0C, [0xFF]), "cannot hold"),
            (
                [1, 2, 643, 100, 112], tlv(0x30, text, text, text, text), tlv(0x30, text, text, text),
                "cAToolCert"
            ),
            (
                [2, 23, 140, 3, 1],
                tlv(0x30, tlv(0x13, Array("VAT".utf8)), tlv(0x13, Array("SE".utf8)), text),
                tlv(0x30, tlv(0x13, Array("VA".utf8)), tlv(0x13, Array("SE".utf8)), text), "not 3 characters"
            ),
        ]

    static let knownSyntaxDefects: [Defect] =
        otherHolderDefects + addressDefects + systemDefects + proxyDefects + resourceDefects
        + knownSyntaxes.map { oid, _, invalid, problem in
            let name = ExtensionSyntax.withoutOtherRules.first { $0.identifier == oid }?.name ?? "missing"
            return value("the syntax of \(name)", oid, invalid, field: name, problem)
        }
}
