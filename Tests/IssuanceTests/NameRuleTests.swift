import Authorization
import PKIX
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Issuance

/// Requests whose names break a rule. Each is refused with the rule, wherever the name stands.
struct NameRuleTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The faulty name.
        let name: [UInt8]
        let reason: String
    }

    private static func long(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static func one(
        _ description: String, _ type: [UInt8], _ value: [UInt8], tag: UInt8 = 0x0C, _ reason: String
    ) -> Fault {
        Fault(
            testDescription: description,
            name: NameDER.name([NameDER.attribute(type, value, tag: tag)]), reason: reason)
    }

    private static func at(_ number: UInt8) -> [UInt8] { [0x55, 0x04, number] }

    static let faults: [Fault] = [
        one(
            "half a UTF-8 character", NameDER.commonName, [0x61, 0xC3],
            "UTF8String that is none at its octet 2"),
        one("an overlong slash", at(17), [0xC0, 0xAF], "that is none at its octet 1"),
        one("a surrogate", NameDER.foreign, [0xED, 0xA0, 0x80], "that is none"),
        one("Latin-1", at(4), [0x4A, 0xE9], "attribute SN as a UTF8String that is none at its octet 2"),
        one(
            "an odd BMPString", NameDER.foreign, [0, 0x61, 0], tag: 0x1E,
            "BMPString that is none at its octet 3"),
        one(
            "a BMPString of surrogates", NameDER.foreign, [0xD8, 0x3D, 0xDE, 0], tag: 0x1E,
            "none at its octet 1"),
        one("a UniversalString of three octets", NameDER.foreign, [0, 0, 0x61], tag: 0x1C, "that is none"),
        one(
            "an IA5String above 0x7F", NameDER.emailAddress, [0x61, 0x80], tag: 0x16, "IA5String that is none"
        ),
        one(
            "an underscore in a PrintableString", NameDER.organization, Array("a_b".utf8), tag: 0x13,
            "octet 2"),
        one(
            "a letter in a NumericString", NameDER.foreign, Array("1a".utf8), tag: 0x12,
            "NumericString that is none"),
        one(
            "a VisibleString, which OpenSSL does not read", NameDER.foreign, [0x61], tag: 0x1A,
            "no string of names"),
        one("a GeneralString", NameDER.foreign, [0x61], tag: 0x1B, "no string of names"),
        one("an OCTET STRING", NameDER.foreign, [0x61], tag: 0x04, "no string of names"),
        one("a NULL", NameDER.foreign, [], tag: 0x05, "no string of names"),
        one("an INTEGER", at(5), [1], tag: 0x02, "no string of names"),
        one("a SEQUENCE", at(16), [], tag: 0x30, "no string of names"),
        one("a TeletexString", NameDER.foreign, [0x61], tag: 0x14, "not a string that all read alike"),
        one("a common name as TeletexString", NameDER.commonName, [0x61], tag: 0x14, "not a UTF8String or"),
        one(
            "an organization as BMPString", NameDER.organization, [0, 0x61], tag: 0x1E, "not a UTF8String or"),
        one("a title as IA5String", at(12), [0x61], tag: 0x16, "not a UTF8String or"),
        one("a country as UTF8String", NameDER.country, Array("SE".utf8), "not a PrintableString"),
        one("a serial number as UTF8String", at(5), [0x31], "not a PrintableString"),
        one("an address as UTF8String", NameDER.emailAddress, Array("a@b".utf8), "not an IA5String"),
        one("a NUL", NameDER.commonName, Array("www.evil.test\0".utf8), "character U+0000"),
        one("an escape", NameDER.organization, Array("a\u{1B}[2Kb".utf8), "character U+001B"),
        one("a line feed", NameDER.street, Array("a\nb".utf8), "character U+000A"),
        one("a tab at the end", at(65), Array("a\t".utf8), "character U+0009"),
        one("DEL in an IA5String", NameDER.domainComponent, [0x61, 0x7F], tag: 0x16, "character U+007F"),
        one("C1", NameDER.foreign, Array("\u{9B}2K".utf8), "character U+009B"),
        one("NEL in a BMPString", NameDER.foreign, [0, 0x61, 0, 0x85], tag: 0x1E, "character U+0085"),
        one("a line separator", at(7), Array("a\u{2028}b".utf8), "character U+2028"),
        one("an override of direction", at(11), Array("a\u{202E}b".utf8), "character U+202E"),
        one("an isolate of direction", at(8), Array("a\u{2067}b".utf8), "character U+2067"),
        one("a zero-width space", NameDER.commonName, Array("ev\u{200B}il.test".utf8), "character U+200B"),
        one("a hidden tag", NameDER.commonName, Array("a\u{E0041}".utf8), "character U+E0041"),
        one("an empty attribute", NameDER.commonName, [], "empty attribute CN"),
        one("an empty foreign attribute", NameDER.foreign, [], "empty attribute 1.3.6.1.4.1.99999.1"),
        one(
            "65 letters of common name", NameDER.commonName, Array(long(65).utf8),
            "attribute CN of more than 64 characters"),
        one("65 letters of title", at(12), Array(long(65).utf8), "more than 64"),
        one("129 letters of pseudonym", at(65), Array(long(129).utf8), "more than 128"),
        one("129 letters of street", NameDER.street, Array(long(129).utf8), "more than 128"),
        one("41 letters of postal code", at(17), Array(long(41).utf8), "more than 40"),
        one("129 letters of locality", at(7), Array(long(129).utf8), "more than 128"),
        one("65 of serial number", at(5), Array(long(65).utf8), tag: 0x13, "more than 64"),
        one(
            "256 of address", NameDER.emailAddress, Array((long(64) + "@" + long(191)).utf8), tag: 0x16,
            "more than 255"),
        one("1025 of description", at(13), Array(long(1025).utf8), "more than 1024"),
        one("a country of digits", NameDER.country, Array("12".utf8), tag: 0x13, "not two letters"),
        one("a country of one letter", NameDER.country, Array("S".utf8), tag: 0x13, "not two letters"),
        Fault(
            testDescription: "an empty set at the beginning",
            name: NameDER.name([], [NameDER.attribute(NameDER.commonName, "a")]),
            reason: "no attribute in relative distinguished name 1 of 2"),
        Fault(
            testDescription: "an empty set at the end",
            name: NameDER.name([NameDER.attribute(NameDER.commonName, "a")], []), reason: "name 2 of 2"),
        Fault(testDescription: "an empty set alone", name: NameDER.name([]), reason: "no attribute in"),
        Fault(
            testDescription: "a repeated type in a set",
            name: NameDER.name([
                NameDER.attribute(NameDER.commonName, "a"), NameDER.attribute(NameDER.commonName, "b"),
            ]), reason: "attribute CN twice in relative distinguished name 1 of 1"),
    ]

    @Test(arguments: faults)
    func `a faulty subject is refused as the CSR's`(_ fault: Fault) throws {
        let csr = try NameDER.request(
            subject: fault.name, extensions: [NameDER.names([NameDER.dns("a.example")])])
        try Self.expectRefusal(csr, fault.reason, place: "the CSR's subject ")
    }

    @Test(arguments: faults)
    func `a directory name with the same fault is refused`(_ fault: Fault) throws {
        let names = NameDER.names([NameDER.dns("a.example"), NameDER.directory(fault.name)])
        let csr = try NameDER.request(subject: NameDER.commonName("a"), extensions: [names])
        try Self.expectRefusal(
            csr, fault.reason == "no attribute in" ? "empty" : fault.reason,
            place: "the CSR's subjectAltName ")
    }

    @Test(arguments: faults)
    func `the linter finds the fault in a subject, and in an issuer unless it is excepted`(_ fault: Fault)
        throws
    {
        let findings = try Self.findings(subject: fault.name)
        #expect(
            findings.contains { $0.field == "subject" && $0.problem.contains(fault.reason) }, "\(findings)")
        let issuer = try Self.findings(issuer: fault.name)
        // An existing name may use the old string types (RFC 5280, section 4.1.2.4).
        let isExcepted =
            fault.reason.hasPrefix("not a UTF8String or") && !fault.testDescription.contains("IA5")
        let isException = isExcepted || fault.reason == "not a string that all read alike"
        #expect(
            issuer.contains { $0.field == "issuer" && $0.problem.contains(fault.reason) } != isException,
            "\(issuer)")
    }

    /// The findings for a foreign certificate.
    private static func findings(subject: [UInt8]? = nil, issuer: [UInt8]? = nil) throws -> [LintFinding] {
        let fixture = try TestAuthority()
        let csr = try CertificationRequest(pem: Array(try OpenSSLRequest.make().utf8))
        let tbs = try TBSCertificate(
            serialNumber: TestAuthority.serialNumber, signatureAlgorithm: .sha256WithECDSA,
            issuer: issuer ?? fixture.authority.subject, notBefore: TestAuthority.moment(1_700_000_000),
            notAfter: TestAuthority.moment(1_800_000_000), subject: subject ?? csr.subject,
            subjectPublicKeyInfo: csr.subjectPublicKeyInfo,
            extensions: [try .init(BasicConstraints.notCertificateAuthority, critical: false)]
        ).derBytes()
        let signature: [UInt8] = [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]
        return Linter.findings(
            certificate: SignedObject.assemble(tbs: tbs, algorithm: .sha256WithECDSA, signature: signature))
    }

    static func expectRefusal(
        _ csr: String, template: String = TestAuthority.endEntity, _ reason: String, place: String,
        below fixture: TestAuthority? = nil
    ) throws {
        let fixture = try fixture ?? TestAuthority()
        let error = #expect(throws: IssuanceError.self) {
            _ = try fixture.prepare(fixture.request(csr: csr, template: template)).digest
        }
        guard case .requestMalformed = error else {
            Issue.record("not refused as malformed: \(String(describing: error))")
            return
        }
        let text = "\(error?.description ?? "")"
        #expect(text.hasPrefix(place) && text.contains(reason), "\(text)")
    }

    struct OtherFault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let value: [UInt8]
        let reason: String
    }

    private static func principalName(_ value: [UInt8], tag: UInt8 = 0x0C) -> [UInt8] {
        NameDER.otherName(NameDER.userPrincipalName, NameDER.node(tag, value))
    }

    private static func mailbox(_ text: String) -> [UInt8] {
        NameDER.otherName(NameDER.smtpUTF8Mailbox, NameDER.node(0x0C, Array(text.utf8)))
    }

    static let otherFaults: [OtherFault] = [
        .init(
            testDescription: "a missing value",
            value: NameDER.node(0xA0, NameDER.node(0x06, NameDER.userPrincipalName)),
            reason: "without a value"),
        .init(
            testDescription: "a UPN in Latin-1", value: principalName([0x6A, 0xE9]),
            reason: "none at its octet 2"),
        .init(
            testDescription: "a UPN with an escape character", value: principalName([0x61, 0x1B]),
            reason: "U+001B"),
        .init(testDescription: "an empty UPN", value: principalName([]), reason: "is empty"),
        .init(
            testDescription: "a UPN as IA5String", value: principalName([0x61], tag: 0x16),
            reason: "not a UTF8String"),
        .init(
            testDescription: "a UPN that is not a string", value: principalName([0x61], tag: 0x04),
            reason: "not a UTF8String"),
        .init(
            testDescription: "an invalid string within a value",
            value: NameDER.otherName(
                NameDER.foreign, NameDER.node(0x30, NameDER.node(0x30, NameDER.node(0x0C, [0xFF])))),
            reason: "none at its octet 1"),
        .init(
            testDescription: "a realm of Kerberos with a NUL",
            value: NameDER.otherName(
                [0x2B, 0x06, 0x01, 0x05, 0x02, 0x02],
                NameDER.node(0x30, NameDER.node(0xA0, NameDER.node(0x1B, [0x41, 0])))), reason: "U+0000"),
        .init(
            testDescription: "an ASCII local part", value: mailbox("ceo@a.example"),
            reason: "is an rfc822Name"),
        .init(
            testDescription: "a U-label", value: mailbox("é@bücher.example"), reason: "not one of LDH labels"),
        .init(testDescription: "a malformed mailbox", value: mailbox("é"), reason: "no mailbox"),
        .init(testDescription: "a broken A-label", value: mailbox("é@xn--wca.example"), reason: "A-label"),
        .init(
            testDescription: "an EDI party with an invalid string",
            value: NameDER.node(0xA5, NameDER.node(0xA1, NameDER.node(0x13, [0x5F]))),
            reason: "EDI party name"),
        .init(
            testDescription: "an A-label that does not decode", value: NameDER.dns("xn--999999999.example"),
            reason: "A-label"),
        .init(
            testDescription: "a mailbox with an A-label in capitals",
            value: NameDER.node(0x81, Array("a@xn--wca.example".utf8)), reason: "A-label"),
        .init(
            testDescription: "a quoted mailbox", value: NameDER.node(0x81, Array(#""a"@b.example"#.utf8)),
            reason: "an email address that is not one"),
        .init(
            testDescription: "a URI with an open bracket",
            value: NameDER.node(0x86, Array("https://[::1".utf8)),
            reason: "a URI that has an authority"),
        .init(
            testDescription: "a URI with a blank", value: NameDER.node(0x86, Array("opc:a b".utf8)),
            reason: "the octet 0x20"),
        .init(
            testDescription: "an empty directory name", value: NameDER.directory([0x30, 0]),
            reason: "empty directory"),
    ]

    @Test(arguments: otherFaults)
    func `an alternative name with a fault is refused, with its place`(_ fault: OtherFault) throws {
        let names = [NameDER.dns("a.example"), fault.value, NameDER.dns("b.example")]
        let csr = try NameDER.request(subject: NameDER.commonName("a"), extensions: [NameDER.names(names)])
        try Self.expectRefusal(csr, fault.reason, place: "the CSR's subjectAltName holds a")
        try Self.expectRefusal(csr, "name 2 of 3", place: "the CSR's subjectAltName")
    }

    @Test func `names of ApiPassthrough are attributed to it`() throws {
        let fixture = try TestAuthority()
        var subject = SubjectAttributes()
        subject.commonName = "a\u{1B}"
        let csr = try OpenSSLRequest.make()
        for (passthrough, place) in [
            (APIPassthrough(subject: subject), "ApiPassthrough: the Subject has the attribute CN"),
            (
                APIPassthrough(subjectAlternativeNames: [
                    .dnsName("a.example"), .rfc822Name("a..b@c.example"),
                ]),
                "ApiPassthrough: the subjectAltName holds an email address that is not one (name 2 of 2)"
            ),
        ] {
            let request = IssuanceRequest(
                certificateAuthority: TestAuthority.arn, certificateSigningRequest: Array(csr.utf8),
                signingAlgorithm: .sha256WithECDSA,
                templateARN: "arn:aws:acm-pca:::template/EndEntityCertificate_APIPassthrough/V1",
                validity: Validity(value: 30, unit: .days), apiPassthrough: passthrough,
                catalog: fixture.catalog)
            let error = #expect(throws: IssuanceError.self) { _ = try fixture.prepare(request).digest }
            guard case .passthroughMalformed = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(error?.description.hasPrefix(place) == true, "\(String(describing: error))")
        }
    }

    @Test func `a request with a malformed name has no names for conditions`() throws {
        let fixture = try TestAuthority()
        let csr = try NameDER.request(subject: NameDER.commonName("a\0"))
        let context = fixture.request(csr: csr).conditionContext(at: TestAuthority.now)
        #expect(context["signet:subject"] == nil && context["signet:subjectcommonname"] == nil)
    }
}
