import Foundation
import PKIX
import SwiftASN1
import Testing
import X509

@testable import Issuance

extension NameConstraintTests {
    // Evasions that use differences between parsers or encodings.
    static let evasions: [Case] = [
        Case(
            base: .permitted([.uniformResourceIdentifier("good.example")]),
            name: .uniformResourceIdentifier("https:evil.test/?u=://good.example"), isAllowed: false),
        Case(
            base: .permitted([.uniformResourceIdentifier("good.example")]),
            name: .uniformResourceIdentifier("https:/evil.test/://good.example"), isAllowed: false),
        Case(
            base: .permitted([.rfc822Name("good.example")]), name: smtpUTF8Mailbox("ceo@evil.test"),
            isAllowed: false),
        Case(
            base: .excluded([.rfc822Name("evil.test")]), name: smtpUTF8Mailbox("ceo@evil.test"),
            isAllowed: false),
        Case(
            base: .permitted([.rfc822Name("good.example")]), name: smtpUTF8Mailbox("a@good.example"),
            isAllowed: true),
        Case(
            base: .excluded([directory([(organization, "Evil Corp")])]),
            name: directory([(organization, "evil\tcorp")]), isAllowed: false),
        Case(
            base: .excluded([directory([(organization, "Evil")])]),
            name: directory([(organization, "Ev\u{FE00}il")]), isAllowed: false),
        Case(
            base: .excluded([directory([(organization, "Evil")])]),
            name: directory([(organization, "Evil\u{E0100}")]), isAllowed: false),
        Case(
            base: .excluded([directory([(organization, "Evil")])]),
            name: directory([(organization, "\u{3164}Evil")]), isAllowed: false),
        Case(
            base: .excluded([directory([(organization, "Evil")])]), name: bmpDirectory, isAllowed: false),
        Case(
            base: .permitted([directory([(organization, "Evil")])]), name: bmpDirectory, isAllowed: false),
        // BoringSSL compares exclusions case-insensitively; in OpenSSL and BoringSSL an empty permitted
        // subtree permits nothing.
        Case(
            base: .excluded([.rfc822Name("boss@evil.test")]), name: .rfc822Name("BOSS@evil.test"),
            isAllowed: false),
        Case(
            base: .excluded([.rfc822Name("boss@evil.test")]), name: .rfc822Name("bosses@evil.test"),
            isAllowed: true),
        Case(
            base: .excluded([.rfc822Name("EVIL.test")]), name: .rfc822Name("a@evil.TEST"), isAllowed: false),
        Case(base: .permitted([.rfc822Name("")]), name: .rfc822Name("a@evil.test"), isAllowed: false),
        Case(base: .excluded([.rfc822Name("")]), name: .rfc822Name("a@evil.test"), isAllowed: false),
        Case(
            base: .excluded([.rfc822Name("boss@evil.test")]), name: smtpUTF8Mailbox("BOSS@evil.test"),
            isAllowed: false),
        // A name is excluded if any relying party considers it equal, and permitted only if all do.
        Case(
            base: .excluded([directory([(organization, "\u{C5}sa")])]),
            name: directory([(organization, "a\u{30A}SA")]),
            isAllowed: false),
        Case(
            base: .permitted([directory([(organization, "\u{C5}sa")])]),
            name: directory([(organization, "\u{E5}sa")]),
            isAllowed: false),
        Case(
            base: .permitted([directory([(organization, "\u{E9}")])]),
            name: directory([(organization, "e\u{301}")]),
            isAllowed: false),
        Case(
            base: .permitted([directory([(organization, "\u{E9}")])]),
            name: directory([(organization, "\u{E9}"), (unit, "x")]), isAllowed: true),
        Case(
            base: .excluded([directory([(organization, "Evil")])]),
            name: directory([(organization, "\u{FF25}vil")]),
            isAllowed: false),
        Case(
            base: .excluded([directory([(organization, "Evil")])]), name: bmpDirectory, isAllowed: false),
        // A combining mark after the separator does not hide it.
        Case(
            base: .permitted([.uniformResourceIdentifier("good.example")]),
            name: .uniformResourceIdentifier("https://evil.test/\u{301}@good.example"), isAllowed: false),
    ]

    static func smtpUTF8Mailbox(_ text: String) -> GeneralName {
        guard let name = try? GeneralName.otherName([1, 3, 6, 1, 5, 5, 7, 8, 9], text: text) else {
            preconditionFailure(text)
        }
        return name
    }

    /// O=Evil as a BMPString, which some relying parties do not compare.
    static var bmpDirectory: GeneralName {
        let name: [UInt8] = [
            0x30, 0x13, 0x31, 0x11, 0x30, 0x0F, 0x06, 0x03, 0x55, 0x04, 0x0A, 0x1E, 0x08, 0, 0x45, 0, 0x76, 0,
            0x69, 0, 0x6C,
        ]
        guard let parsed = try? DistinguishedName(derEncoded: DER.parse(name)) else {
            preconditionFailure("DER")
        }
        return .directoryName(parsed)
    }

    @Test(arguments: evasions)
    func `a name written to evade a constraint does not evade it`(_ entry: Case) {
        let violation = NameConstraintCheck(entry.base.constraints)
            .violation(subject: DistinguishedName(), alternativeNames: [entry.name])
        #expect((violation == nil) == entry.isAllowed, "\(String(describing: violation))")
    }

    @Test(arguments: ["evil.test.", "10.0.0.1", "2001:db8::1", "web-1", "*.evil.test"])
    func `a common name that some relying party reads as a host or an address counts as one`(_ name: String)
        throws
    {
        let constraints = NameConstraints(
            permittedSubtrees: [.dnsName("good.example"), Self.ip("192.0.2.0/24"), Self.ip("2001:db9::/32")])
        let subject = try DistinguishedName { CommonName(name) }
        let violation = NameConstraintCheck(constraints).violation(subject: subject, alternativeNames: [])
        #expect(violation?.kind == .notPermitted)
    }

    @Test(
        arguments: [
            .dnsName("evil.test."), .dnsName("*.evil.test"), .uniformResourceIdentifier("https://evil.test"),
            .ipAddress(ASN1OctetString(contentBytes: [10, 0, 0, 0])), .rfc822Name("@@"),
            .rfc822Name(#""boss"@evil.test"#), .rfc822Name("a..b@evil.test"),
            .directoryName(
                DistinguishedName([
                    RelativeDistinguishedName(.init(type: organization, utf8String: "a")),
                    RelativeDistinguishedName(),
                ])),
        ] as [GeneralName])
    func `an authority with a subtree that excludes nothing cannot issue`(_ subtree: GeneralName) throws {
        let fixture = try TestAuthority(
            extensions: [.init(NameConstraints(excludedSubtrees: [subtree]), critical: true)])
        #expect(fixture.authority.constraints.defect?.contains("nameConstraints") == true)
    }
}
