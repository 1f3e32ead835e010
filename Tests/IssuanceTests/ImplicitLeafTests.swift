import PKIX
import SwiftASN1
import Testing
import X509

@testable import Issuance

/// Values of universal types with IMPLICIT tags, which do not reveal the type.
struct ImplicitLeafTests {
    /// An IMPLICIT leaf of an extension that is valid with each of these contents.
    struct Leaf: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let identifier: ASN1ObjectIdentifier
        let type: LeafType
        let valid: [[UInt8]]
        /// The value of the extension with these contents in the leaf.
        let value: @Sendable (_ contents: [UInt8]) -> [UInt8]
    }

    enum LeafType: Sendable {
        case boolean, integer, bitString, objectIdentifier, ia5String, printableString, generalizedTime

        /// Contents octets that are not valid DER for the type.
        var malformed: [[UInt8]] {
            switch self {
            // X.690, section 11.1
            case .boolean: [[], [0x01], [0xFE], [0xFF, 0xFF]]
            // X.690, section 8.3.2
            case .integer: [[], [0, 1], [0, 0], [0xFF, 0xFF], [0, 0x11, 0x11]]
            // X.690, sections 8.6 and 11.2
            case .bitString: [[], [8, 1], [1], [0, 0], [4, 0x4F], [7, 0xC0, 0x81]]
            // X.690, section 8.19
            case .objectIdentifier:
                [[], [0x80, 1], [0x2A, 0x80, 1], [0x2A, 0x83], [0x2A, 0x03, 0x80, 0x01]]
            // X.680, section 41
            case .ia5String: [[0x80], Array("a.\u{E9}xample".utf8), [0x61, 0xFF]]
            case .printableString: [[0x40], [0x61, 0x5F], [0xFF], Array("\u{E9}".utf8)]
            // X.690, section 11.7
            case .generalizedTime:
                [
                    "", "2026", "20260101000000", "202601010000Z", "20261301000000Z", "20260101000000.0Z",
                    "20260101000000+0100", "20260101000061Z", "260101000000Z",
                ].map { Array($0.utf8) }
            }
        }
    }

    private static func tlv(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        NameDER.node(tag, parts.flatMap { $0 })
    }
    private static let name: [UInt8] = NameDER.dns("a.example")
    private static let point: [UInt8] = tlv(0xA0, tlv(0xA0, tlv(0x86, Array("http://a.example/".utf8))))

    /// Each place of GeneralNames, with names of it.
    private static let places: [(String, ASN1ObjectIdentifier, @Sendable ([UInt8]) -> [UInt8])] = [
        ("subjectAltName", [2, 5, 29, 17], { tlv(0x30, $0) }),
        ("issuerAltName", [2, 5, 29, 18], { tlv(0x30, $0) }),
        ("certificateIssuer", [2, 5, 29, 29], { tlv(0x30, $0) }),
        ("nameConstraints", [2, 5, 29, 30], { tlv(0x30, tlv(0xA1, tlv(0x30, $0))) }),
        ("fullName", [2, 5, 29, 31], { tlv(0x30, tlv(0x30, tlv(0xA0, tlv(0xA0, $0)))) }),
        ("freshestCRL", [2, 5, 29, 46], { tlv(0x30, tlv(0x30, tlv(0xA0, tlv(0xA0, $0)))) }),
        ("cRLIssuer", [2, 5, 29, 31], { tlv(0x30, tlv(0x30, point, tlv(0xA2, $0))) }),
        ("issuingDistributionPoint", [2, 5, 29, 28], { tlv(0x30, tlv(0xA0, tlv(0xA0, $0))) }),
        ("authorityCertIssuer", [2, 5, 29, 35], { tlv(0x30, tlv(0xA1, $0), [0x82, 1, 1]) }),
        (
            "authorityInfoAccess", [1, 3, 6, 1, 5, 5, 7, 1, 1],
            { tlv(0x30, tlv(0x30, [0x06, 1, 0x2A], $0)) }
        ),
        ("subjectInfoAccess", [1, 3, 6, 1, 5, 5, 7, 1, 11], { tlv(0x30, tlv(0x30, [0x06, 1, 0x2A], $0)) }),
        ("admissionAuthority", [1, 3, 36, 8, 3, 3], { tlv(0x30, $0, tlv(0x30, tlv(0x30, professions))) }),
        (
            "the authority of admissions", [1, 3, 36, 8, 3, 3],
            { tlv(0x30, tlv(0x30, tlv(0x30, tlv(0xA0, $0), professions))) }
        ),
        (
            "the locator of OCSP", [1, 3, 6, 1, 5, 5, 7, 48, 1, 7],
            { tlv(0x30, tlv(0x30), tlv(0x30, tlv(0x30, [0x06, 1, 0x2A], $0))) }
        ),
    ]
    private static let professions: [UInt8] = tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x0C, [0x61]))))

    private static let names: [(String, UInt8, LeafType, [[UInt8]])] = [
        ("rfc822Name", 0x81, .ia5String, [Array("a@b.example".utf8)]),
        ("dNSName", 0x82, .ia5String, [Array("a.example".utf8)]),
        ("URI", 0x86, .ia5String, [Array("http://a.example/".utf8)]),
        ("registeredID", 0x88, .objectIdentifier, [[0x2A, 0x03]]),
    ]

    private static let ofNames: [Leaf] = places.flatMap { place, identifier, value in
        names.map { name, tag, type, valid in
            Leaf(testDescription: "\(name) in \(place)", identifier: identifier, type: type, valid: valid) {
                value(tlv(tag, $0))
            }
        }
    }

    private static func leaf(
        _ description: String, _ identifier: ASN1ObjectIdentifier, _ type: LeafType, _ valid: [UInt8]...,
        value: @escaping @Sendable (_ contents: [UInt8]) -> [UInt8]
    ) -> Leaf {
        Leaf(
            testDescription: description, identifier: identifier, type: type, valid: valid, value: value)
    }

    private static let ofFields: [Leaf] = [
        leaf(
            "authorityCertSerialNumber", [2, 5, 29, 35], .integer, [1], [0, 0x91],
            [UInt8](repeating: 1, count: 20)
        ) {
            tlv(0x30, tlv(0x80, [1]), tlv(0xA1, name), tlv(0x82, $0))
        },
        leaf("reasons", [2, 5, 29, 31], .bitString, [6, 0x40], [7, 0x40, 0x80]) {
            tlv(0x30, tlv(0x30, point, tlv(0x81, $0)))
        },
        leaf("reasons of freshestCRL", [2, 5, 29, 46], .bitString, [6, 0x40]) {
            tlv(0x30, tlv(0x30, point, tlv(0x81, $0)))
        },
        leaf("onlySomeReasons", [2, 5, 29, 28], .bitString, [6, 0x40]) { tlv(0x30, tlv(0x83, $0)) },
        leaf("notBefore", [2, 5, 29, 16], .generalizedTime, Array("20260101000000Z".utf8)) {
            tlv(0x30, tlv(0x80, $0))
        },
        leaf("notAfter", [2, 5, 29, 16], .generalizedTime, Array("20260101000000Z".utf8)) {
            tlv(0x30, tlv(0x81, $0))
        },
        leaf("requireExplicitPolicy", [2, 5, 29, 36], .integer, [0], [0x7F]) { tlv(0x30, tlv(0x80, $0)) },
        leaf("inhibitPolicyMapping", [2, 5, 29, 36], .integer, [0], [0x7F]) { tlv(0x30, tlv(0x81, $0)) },
        leaf("requireExplicitPolicy of an application", [1, 3, 6, 1, 4, 1, 311, 21, 12], .integer, [0]) {
            tlv(0x30, tlv(0x80, $0))
        },
        leaf("registrationStateOrProvince", [2, 23, 140, 3, 1], .printableString, [0x61]) {
            tlv(
                0x30, tlv(0x13, Array("VAT".utf8)), tlv(0x13, Array("SE".utf8)), tlv(0x80, $0),
                tlv(0x0C, [0x61]))
        },
    ]

    private static let ofFlags: [Leaf] = [UInt8(0x81), 0x82, 0x84, 0x85].map { tag in
        leaf("flag \(tag & 0x1F) of issuingDistributionPoint", [2, 5, 29, 28], .boolean, [0xFF]) {
            tlv(0x30, tlv(tag, $0))
        }
    }

    static let leaves: [Leaf] = ofNames + ofFields + ofFlags

    static func fault(_ identifier: ASN1ObjectIdentifier, _ value: [UInt8]) -> SyntaxFault? {
        ExtensionSyntax.fault(in: .init(oid: identifier, critical: false, value: value[...]))
    }

    @Test(arguments: leaves)
    func `a value with an IMPLICIT tag must be DER of its type`(_ leaf: Leaf) {
        for contents in leaf.valid {
            let fault = Self.fault(leaf.identifier, leaf.value(contents))
            #expect(fault == nil, "\(contents)")
        }
        for contents in leaf.type.malformed {
            #expect(Self.fault(leaf.identifier, leaf.value(contents)) != nil, "\(contents)")
        }
    }

    @Test(arguments: leaves)
    func `a primitive value is not constructed`(_ leaf: Leaf) throws {
        let contents = try #require(leaf.valid.first)
        let value = leaf.value(contents)
        // Only the leaf contains these contents after a context tag with their length.
        for place in value.indices.dropLast(2)
        where value[place] & 0xE0 == 0x80
            && value[(place + 1)...].starts(with: [UInt8(contents.count)] + contents)
        {
            var constructed = value
            constructed[place] |= 0x20
            #expect(Self.fault(leaf.identifier, constructed) != nil)
        }
    }

    @Test(
        arguments: [
            [0x82] + [17] + [0] + [UInt8](repeating: 0x11, count: 16), [0x82, 2, 0, 1], [0x82, 0],
            [0x82, 1, 0xFF],
            [0x82, 30] + [UInt8](repeating: 0xFF, count: 30),
            [0x82, 21] + [UInt8](repeating: 0x11, count: 21),
            [0x82, 20, 0x91] + [UInt8](repeating: 0x11, count: 19),
        ] as [[UInt8]])
    func `the serial number of another certificate must be valid`(_ serial: [UInt8]) {
        #expect(Self.fault([2, 5, 29, 35], Self.tlv(0x30, Self.tlv(0xA1, Self.name), serial)) != nil)
    }

    private static func attribute(_ type: UInt8, _ text: String) -> [UInt8] {
        NameDER.attribute([0x55, 4, type], text)
    }

    @Test(arguments: [[2, 5, 29, 31], [2, 5, 29, 46], [2, 5, 29, 28]] as [ASN1ObjectIdentifier])
    func `a relative name is a SET OF in DER order`(_ identifier: ASN1ObjectIdentifier) throws {
        func value(_ attributes: [UInt8]...) -> [UInt8] {
            let name = Self.tlv(0xA0, Self.tlv(0xA1, attributes.flatMap { $0 }))
            return identifier == [2, 5, 29, 28] ? Self.tlv(0x30, name) : Self.tlv(0x30, Self.tlv(0x30, name))
        }
        let (common, organization) = (Self.attribute(3, "a"), Self.attribute(10, "b"))
        #expect(Self.fault(identifier, value(common, organization)) == nil)
        let fault = try #require(Self.fault(identifier, value(organization, common)))
        #expect(fault.problem.contains("not in order"))
        // A longer element after a shorter one with the same type.
        #expect(Self.fault(identifier, value(Self.attribute(3, "aa"), organization)) != nil)
    }

    @Test(arguments: places.map { ($0.0) }, [UInt8(0xA3), 0x83, 0xA5, 0x85])
    func `no place of names accepts a form that other programs cannot read`(_ place: String, _ tag: UInt8)
        throws
    {
        let (_, identifier, value) = try #require(Self.places.first { $0.0 == place })
        let forms = [
            Self.tlv(tag, Self.tlv(0x30)), Self.tlv(tag, Self.tlv(0xA1, Self.tlv(0x0C, [0x61]))),
            Self.tlv(tag, Self.tlv(0x30), Self.tlv(0x02, [0, 1])),
        ]
        for form in forms {
            let fault = try #require(Self.fault(identifier, value(form)))
            #expect(fault.problem.contains("other readers do not take"), "\(fault)")
        }
    }
}
