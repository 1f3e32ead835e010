import PKIX
import SwiftASN1
import X509

@testable import Issuance

extension LinterTests {
    /// One defect for each rule about names, in the subject and in a directory name.
    static let nameDefects: [Defect] =
        names.flatMap { entry in
            [
                Defect(
                    testDescription: "\(entry.description) in the subject", field: "subject",
                    problem: entry.problem
                ) { tbs, _ in tbs.subject = entry.name },
                Defect(
                    testDescription: "\(entry.description) in a directory name", field: "directoryName",
                    problem: entry.problem
                ) { tbs, _ in
                    replace(
                        NameDER.names([NameDER.dns("a.example"), NameDER.directory(entry.name)]), in: &tbs)
                },
            ]
        } + [
            Defect(testDescription: "an issuer in Latin-1", field: "issuer", problem: "none at its octet 1") {
                tbs, _ in
                tbs.issuer = NameDER.name([NameDER.attribute(NameDER.commonName, [0xE9])])
            },
            Defect(
                testDescription: "a domain component with a dot", field: "subject",
                problem: "no label of a domain name"
            ) { tbs, _ in
                tbs.subject = NameDER.name([
                    NameDER.attribute(NameDER.domainComponent, "a.example", tag: 0x16)
                ])
            },
            Defect(
                testDescription: "an email address that is not an alternative name", field: "subject",
                problem: "no rfc822Name"
            ) { tbs, _ in
                tbs.subject = NameDER.name([NameDER.attribute(NameDER.emailAddress, "a@b.example", tag: 0x16)]
                )
            },
            Defect(
                testDescription: "an email address in another case", field: "subject",
                problem: "no rfc822Name"
            ) { tbs, _ in
                tbs.subject = NameDER.name([NameDER.attribute(NameDER.emailAddress, "a@b.example", tag: 0x16)]
                )
                replace(
                    try .init(SubjectAlternativeNames([.rfc822Name("A@b.example")]), critical: false),
                    in: &tbs)
            },
            Defect(testDescription: "a repeated name", field: "subjectAltName", problem: "name 3 of 3 twice")
            {
                tbs, _ in
                let names: [GeneralName] = [
                    .dnsName("a.example"), .dnsName("b.example"), .dnsName("A.example"),
                ]
                replace(try .init(SubjectAlternativeNames(names), critical: false), in: &tbs)
            },
            Defect(
                testDescription: "a directory name in an access location", field: "directoryName",
                problem: "U+0007"
            ) { tbs, _ in
                replace(access(NameDER.directory(NameDER.commonName("a\u{7}"))), in: &tbs)
            },
            Defect(
                testDescription: "a directory name of a CRL's location", field: "directoryName",
                problem: "U+0007"
            ) { tbs, _ in
                let point = NameDER.node(
                    0xA0, NameDER.node(0xA0, NameDER.directory(NameDER.commonName("a\u{7}"))))
                replace(
                    .init(
                        oid: [2, 5, 29, 31], critical: false,
                        value: NameDER.node(0x30, NameDER.node(0x30, point))[...]),
                    in: &tbs)
            },
            Defect(
                testDescription: "a directory name of a CRL's issuer", field: "directoryName",
                problem: "no attribute"
            ) { tbs, _ in
                let point = NameDER.node(0xA2, NameDER.directory(NameDER.name([])))
                replace(
                    .init(
                        oid: [2, 5, 29, 31], critical: false,
                        value: NameDER.node(0x30, NameDER.node(0x30, point))[...]),
                    in: &tbs)
            },
            Defect(
                testDescription: "a directory name in a name constraint", field: "directoryName",
                problem: "none at its octet 1"
            ) { tbs, _ in
                let name = NameDER.directory(NameDER.name([NameDER.attribute(NameDER.organization, [0xFF])]))
                let value = NameDER.node(0x30, NameDER.node(0xA1, NameDER.node(0x30, name)))
                replace(.init(oid: [2, 5, 29, 30], critical: true, value: value[...]), in: &tbs)
            },
            Defect(
                testDescription: "a directory name of the authority's issuer", field: "directoryName",
                problem: "U+0007"
            ) { tbs, _ in
                let value = NameDER.node(
                    0x30,
                    NameDER.node(0x80, [1])
                        + NameDER.node(0xA1, NameDER.directory(NameDER.commonName("a\u{7}")))
                        + NameDER.node(0x82, [1]))
                replace(.init(oid: [2, 5, 29, 35], critical: false, value: value[...]), in: &tbs)
            },
        ]

    static let names: [(description: String, name: [UInt8], problem: String)] = [
        (
            "a set without an attribute", NameDER.name([NameDER.attribute(NameDER.commonName, "a")], []),
            "no attribute"
        ),
        (
            "octets that are not UTF-8", NameDER.name([NameDER.attribute(NameDER.commonName, [0xE9])]),
            "octet 1"
        ),
        ("a control", NameDER.commonName("a\u{1B}"), "U+001B"),
        (
            "a title as IA5String", NameDER.name([NameDER.attribute([0x55, 4, 12], "a", tag: 0x16)]),
            "not a UTF8String"
        ),
        (
            "a domain component with a dot",
            NameDER.name([NameDER.attribute(NameDER.domainComponent, "a.example", tag: 0x16)]),
            "no label of a domain"
        ),
        (
            "a long street",
            NameDER.name([NameDER.attribute(NameDER.street, String(repeating: "x", count: 129))]),
            "more than 128"
        ),
    ]

    private static func access(_ location: [UInt8]) -> Certificate.Extension {
        // id-ad-caIssuers
        let method = NameDER.node(0x06, [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02])
        let value = NameDER.node(0x30, NameDER.node(0x30, method + location))
        return Certificate.Extension(oid: [1, 3, 6, 1, 5, 5, 7, 1, 1], critical: false, value: value[...])
    }

    /// Issuer names that foreign certificates can have.
    static func foreignIssuers() throws -> [LintSubject] {
        try names.compactMap { entry in
            let defect = Defect(testDescription: entry.description, field: "issuer", problem: entry.problem) {
                tbs, _ in tbs.issuer = entry.name
            }
            let der = try der(defect, below: TestAuthority(pathLength: 2))
            return LintSubject(try CertificateFields(derEncoded: der), der: der, issuance: nil)
        }
    }
}
