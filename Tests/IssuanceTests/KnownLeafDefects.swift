import PKIX
import SwiftASN1
import X509

@testable import Issuance

/// Values that are checked down to their leaves, in addition to those of the first table.
extension LinterTests {
    private static let text: [UInt8] = tlv(0x0C, [0x61])
    private static let null: [UInt8] = [5, 0]

    private static func statement(_ identifier: [UInt8], _ info: [UInt8]...) -> [UInt8] {
        tlv(0x30, tlv(0x30, tlv(0x06, identifier), info.flatMap { $0 }))
    }
    /// id-qcs-pkixQCSyntax-v1 and v2
    private static func semantics(_ version: UInt8, _ info: [UInt8]) -> [UInt8] {
        statement([0x2B, 6, 1, 5, 5, 7, 11, version], info)
    }
    /// etsi-psd2-qcStatement
    private static let payment: [UInt8] = [0x04, 0x00, 0x81, 0x98, 0x27, 2]
    private static let role: [UInt8] = tlv(0x30, policy, text)

    private static let statementDefects: [Defect] = [
        ("the semantics NULL", semantics(2, null), "SEQUENCE is asked for"),
        ("semantics of text", semantics(1, text), "SEQUENCE is asked for"),
        ("semantics of nothing", semantics(2, tlv(0x30)), "is empty"),
        (
            "semantics of no authority", semantics(2, tlv(0x30, tlv(0x30))),
            "nameRegistrationAuthorities is empty"
        ),
        ("semantics of a number", semantics(1, tlv(0x30, [2, 1, 1])), "SEQUENCE is asked for"),
        ("semantics twice", semantics(1, tlv(0x30, policy, policy)), "SEQUENCE is asked for"),
        ("payment services NULL", statement(payment, null), "SEQUENCE is asked for"),
        ("payment services of nothing", statement(payment), "has no statementInfo"),
        ("payment services without a role", statement(payment, tlv(0x30, tlv(0x30), text, text)), "is empty"),
        (
            "payment services with an empty authority",
            statement(payment, tlv(0x30, tlv(0x30, role), tlv(0x0C), text)), "not 1 to 256"
        ),
        (
            "payment services with a long authority",
            statement(
                payment, tlv(0x30, tlv(0x30, role), text, tlv(0x0C, [UInt8](repeating: 0x61, count: 257)))),
            "not 1 to 256"
        ),
        (
            "payment services with a role of numbers",
            statement(payment, tlv(0x30, tlv(0x30, tlv(0x30, policy, [2, 1, 1])), text, text)),
            "UTF8String is asked for"
        ),
    ].map { value($0.0, [1, 3, 6, 1, 5, 5, 7, 1, 3], $0.1, field: "qcStatements", $0.2) }

    private static func attribute(_ number: UInt8, _ values: [UInt8]...) -> [UInt8] {
        tlv(0x30, tlv(0x06, [0x2B, 6, 1, 5, 5, 7, 9, number]), tlv(0x31, values.flatMap { $0 }))
    }
    private static func birth(_ year: String) -> [UInt8] { tlv(0x18, Array("\(year)0101120000Z".utf8)) }

    private static let attributeDefects: [Defect] = [
        ("a place of birth that is a number", attribute(2, [2, 1, 1]), "not a DirectoryString"),
        ("two dates of birth", attribute(1, birth("1980"), birth("1981")), "has 2 values"),
        ("two places of birth", attribute(2, text, tlv(0x0C, [0x62])), "has 2 values"),
        ("two genders", attribute(3, tlv(0x13, [0x46]), tlv(0x13, [0x4D])), "has 2 values"),
        ("the gender Q", attribute(3, tlv(0x13, [0x51])), "M or F"),
        ("the gender of two letters", attribute(3, tlv(0x13, [0x4D, 0x4D])), "M or F"),
        ("the citizenship 12", attribute(4, tlv(0x13, Array("12".utf8))), "two letters"),
        ("the residence 1A", attribute(5, tlv(0x13, Array("1A".utf8))), "two letters"),
        (
            "a country twice", attribute(4, tlv(0x13, Array("SE".utf8)), tlv(0x13, Array("SE".utf8))),
            "value twice"
        ),
        (
            "an attribute twice",
            attribute(4, tlv(0x13, Array("SE".utf8))) + attribute(4, tlv(0x13, Array("FR".utf8))),
            "for the second time"
        ),
    ].map { value($0.0, [2, 5, 29, 9], tlv(0x30, $0.1), field: "subjectDirectoryAttributes", $0.2) }

    private static let reasonDefects: [Defect] = [
        ("no reason", [UInt8](arrayLiteral: 0), "has no bit"),
        ("the unused reason", [7, 0x80], "the unused bit"),
        ("the unused reason and another", [6, 0xC0], "the unused bit"),
        ("a tenth reason", [6, 0x40, 0x40], "without a meaning"),
    ].flatMap { description, reasons, problem in
        let point = tlv(0xA0, tlv(0xA0, tlv(0x86, Array("http://a.example/".utf8))))
        return [
            value(
                "\(description) of a point", [2, 5, 29, 31], tlv(0x30, tlv(0x30, point, tlv(0x81, reasons))),
                field: "cRLDistributionPoints", problem),
            value(
                "\(description) of an issuing point", [2, 5, 29, 28], tlv(0x30, tlv(0x83, reasons)),
                field: "issuingDistributionPoint", problem),
        ]
    }

    private static func object(_ text: String) -> [UInt8] {
        tlv(0x30, tlv(0xA0, objectSID, tlv(0xA0, tlv(4, Array(text.utf8)))))
    }
    private static let identifierTable: [(String, [UInt8], String)] =
        [("without a value", tlv(0x30, tlv(0xA0, objectSID)), "value ends where")]
        + [("of another type", tlv(0x30, tlv(0xA0, policy, tlv(0xA0, tlv(4, [1])))), "type-id is not")]
        + [
            "", "a", "S-1", "S-1-5", "S-2-5-21", "s-1-5-21", "S-1-5-", "S-1-5-021", "S-1-5-4294967296",
            "S-1-5-+1",
            "S-1-281474976710656-1", "S-1-5-21\u{0}", "S-1-5" + String(repeating: "-1", count: 16),
        ].map { ("`\($0)`", object($0), "not a SID") }

    private static let otherIdentifierDefects: [Defect] = identifierTable.map {
        value(
            "a security identifier \($0.0)", [1, 3, 6, 1, 4, 1, 311, 25, 2], $0.1,
            field: "security identifier",
            $0.2)
    }

    /// Universal types whose values are not checked.
    private static let unreadDefects: [Defect] = [
        ("an ObjectDescriptor", 0x07), ("a primitive EXTERNAL", 0x08), ("an EXTERNAL", 0x28),
        ("a REAL", 0x09),
        ("an EMBEDDED PDV", 0x2B), ("a primitive EMBEDDED PDV", 0x0B), ("a TIME", 0x0E),
        ("a VideotexString", 0x15), ("a GraphicString", 0x19), ("a CHARACTER STRING", 0x3D),
        ("a primitive CHARACTER STRING", 0x1D),
    ].flatMap { (description: String, tag: UInt8) in
        [
            value(
                description, [1, 3, 6, 1, 4, 1, 99999, 7], tlv(tag), field: "extensions",
                "a type is not read here"),
            value(
                "\(description) within", [1, 3, 6, 1, 4, 1, 99999, 7], tlv(0x30, tlv(0xA0, tlv(tag))),
                field: "extensions", "a type is not read here"),
        ]
    }

    private static let hardwareModule: [UInt8] = [0x2B, 6, 1, 5, 5, 7, 8, 4]
    private static let permanent: [UInt8] = [0x2B, 6, 1, 5, 5, 7, 8, 3]
    private static let principal: [UInt8] = [0x2B, 6, 1, 5, 2, 2]
    private static let service: [UInt8] = [0x2B, 6, 1, 5, 5, 7, 8, 7]

    private static func kerberos(_ realm: [UInt8], _ strings: [UInt8]) -> [UInt8] {
        tlv(
            0x30, tlv(0xA0, realm), tlv(0xA1, tlv(0x30, tlv(0xA0, [2, 1, 1]), tlv(0xA1, tlv(0x30, strings)))))
    }

    private static let otherNameDefects: [Defect] = [
        ("a hardware module NULL", hardwareModule, null, "malformed"),
        ("a hardware module without a serial number", hardwareModule, tlv(0x30, policy), "hwSerialNum"),
        ("a permanent identifier NULL", permanent, null, "malformed"),
        ("a permanent identifier of a number", permanent, tlv(0x30, [2, 1, 1]), "assigner"),
        ("a principal NULL", principal, null, "malformed"),
        ("a principal without a realm", principal, tlv(0x30), "realm"),
        ("a realm in UTF-8", principal, kerberos(text, tlv(0x1B, [0x61])), "Realm"),
        ("a principal without a component", principal, kerberos(tlv(0x1B, [0x61]), []), "is empty"),
        ("a principal in UTF-8", principal, kerberos(tlv(0x1B, [0x61]), text), "KerberosString"),
        (
            "a service without an underscore", service, tlv(0x16, Array("ldap.a.example".utf8)),
            "_service.domain"
        ),
        ("a service without a domain", service, tlv(0x16, Array("_ldap".utf8)), "_service.domain"),
        ("a service without a name", service, tlv(0x16, Array("_.a.example".utf8)), "_service.domain"),
        ("a service of every host", service, tlv(0x16, Array("_ldap.*.a".utf8)), "_service.domain"),
        (
            "a mailbox in capitals", NameDER.smtpUTF8Mailbox, tlv(0x0C, Array("ü@A.example".utf8)),
            "has a capital letter"
        ),
    ].map {
        value($0.0, [2, 5, 29, 17], tlv(0x30, NameDER.otherName($0.1, $0.2)), field: "subjectAltName", $0.3)
    }

    private static let singleDefects: [Defect] = [
        value(
            "a TLS feature twice", [1, 3, 6, 1, 5, 5, 7, 1, 24], tlv(0x30, [2, 1, 5], [2, 1, 5]),
            field: "TLS feature", "for the second time"),
        value(
            "an unknown qualifier", [2, 5, 29, 32], qualified(policy, policy + null),
            field: "certificatePolicies",
            "which other readers do not take"),
        value(
            "an unknown qualifier of an application", [1, 3, 6, 1, 4, 1, 311, 21, 10],
            qualified(policy, policy + null), field: "application policies", "which other readers do not take"
        ),
    ]

    static let knownLeafDefects: [Defect] =
        statementDefects + attributeDefects + reasonDefects + otherIdentifierDefects + unreadDefects
        + otherNameDefects + singleDefects

    /// The valid counterparts.
    static let knownLeaves: [(String, ASN1ObjectIdentifier, [UInt8])] = [
        (
            "semantics", [1, 3, 6, 1, 5, 5, 7, 1, 3],
            semantics(2, tlv(0x30, policy, tlv(0x30, NameDER.dns("a"))))
        ),
        (
            "payment services", [1, 3, 6, 1, 5, 5, 7, 1, 3],
            statement(payment, tlv(0x30, tlv(0x30, role), text, text))
        ),
        (
            "countries", [2, 5, 29, 9],
            tlv(0x30, attribute(4, tlv(0x13, Array("FR".utf8)), tlv(0x13, Array("SE".utf8))))
        ),
        (
            "a person", [2, 5, 29, 9],
            tlv(0x30, attribute(1, birth("1980")), attribute(2, text), attribute(3, tlv(0x13, [0x66])))
        ),
        ("an object", [1, 3, 6, 1, 4, 1, 311, 25, 2], object("S-1-5-21-4294967295-0-3-1104")),
        (
            "other names", [2, 5, 29, 17],
            tlv(
                0x30, NameDER.otherName(hardwareModule, tlv(0x30, policy, tlv(4, [1]))),
                NameDER.otherName(permanent, tlv(0x30)),
                NameDER.otherName(permanent, tlv(0x30, text, policy)),
                NameDER.otherName(principal, kerberos(tlv(0x1B, [0x41]), tlv(0x1B, [0x61]))),
                NameDER.otherName(service, tlv(0x16, Array("_ldap.a.example".utf8))),
                NameDER.otherName(NameDER.smtpUTF8Mailbox, tlv(0x0C, Array("ü@a.example".utf8))))
        ),
    ]
}
