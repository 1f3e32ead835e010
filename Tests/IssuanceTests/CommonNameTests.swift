import Authorization
import Crypto
import PKIX
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Issuance

/// Common names below host constraints: each is one of the alternative names, or clearly not a host.
struct CommonNameTests {
    static let plain = [
        "Alice", "Åsa Öberg", "Alice A. Example", "O'Neill & Sons (Nordic), Ltd", "Example Inc.", "世界", "web",
        "12345",
        "Jean-Luc Picard", "e\u{301}", "Team 7",
    ]

    static let hosts = [
        "www.evil.test", "WWW.EVIL.TEST", "www.evil.test.", "*.evil.test", "evil-1", "_dmarc.evil.test",
    ]

    static let unclear = [
        " www.evil.test", "www.evil.test ", "www.evil.test..", ".evil.test", "https://www.evil.test/",
        "www.evil.test:443",
        "www。evil。test", "www．evil．test", "bücher.test", "0x7f.0.0.1", "127.1", "192.168.1.1.",
        "192.168.1.1/24",
        "www.evil.test www", "admin@evil.test", "www.evil.test\u{A0}", "O'Neill", "a/b", "a\\b", "*", "a,b",
        "1.2.3.4 x",
        "evil․test", "evil﹒test", "⒈evil", "🄀evil",
        "evil.test, www", "[::1]", "", " ", "www.evil.test\u{1680}", "a .b",
    ]

    private static func check(_ permitted: GeneralName...) -> NameConstraintCheck {
        NameConstraintCheck(NameConstraints(permittedSubtrees: permitted))
    }

    private static func violation(
        _ text: String, _ check: NameConstraintCheck, _ names: [GeneralName] = []
    ) throws -> NameConstraintViolation? {
        check.violation(subject: try DistinguishedName { CommonName(text) }, alternativeNames: names)
    }

    private static let address = GeneralName.ipAddress(ASN1OctetString(contentBytes: [192, 0, 2, 1]))

    @Test(arguments: plain)
    func `a common name that is clearly not a host violates no constraint`(_ text: String) throws {
        let check = Self.check(.dnsName("example.test"), NameConstraintTests.ip("192.0.2.0/24"))
        #expect(try Self.violation(text, check) == nil)
        #expect(try Self.violation(text, check, [Self.address]) == nil)
    }

    @Test(arguments: hosts)
    func `an excluded host is refused, also beside an address`(_ text: String) throws {
        let check = Self.check(.dnsName("example.test"))
        #expect(try Self.violation(text, check)?.kind == .notPermitted)
        #expect(try Self.violation(text, check, [Self.address])?.kind == .notPermitted)
    }

    @Test(arguments: unclear)
    func `a common name that may be a host is refused if DNS names or addresses are constrained`(
        _ text: String
    ) throws {
        for constraints in [
            NameConstraints(permittedSubtrees: [.dnsName("example.test")]),
            NameConstraints(excludedSubtrees: [.dnsName("evil.test")]),
            NameConstraints(permittedSubtrees: [NameConstraintTests.ip("192.0.2.0/24")]),
        ] {
            let check = NameConstraintCheck(constraints)
            #expect(try Self.violation(text, check)?.kind == .unclear)
            #expect(try Self.violation(text, check, [Self.address])?.kind == .unclear)
        }
        // Other forms are independent of hosts.
        #expect(try Self.violation(text, Self.check(.rfc822Name("example.test"))) == nil)
    }

    @Test
    func
        `a permitted host must be one of the names, and a DNS name suffices for a common name that is not a host`()
        throws
    {
        let check = Self.check(.dnsName("example.test"))
        for text in ["www.example.test", "WWW.Example.TEST", "*.example.test", "example.test."] {
            #expect(try Self.violation(text, check) == nil, "\(text)")
        }
        let names: [GeneralName] = [.dnsName("a.example.test")]
        for text in ["web-1", "system:node:a", "O'Neill"] {
            #expect(try Self.violation(text, check) != nil, "\(text)")
            #expect(try Self.violation(text, check, names) == nil, "\(text)")
        }
        for text in ["www.evil.test", "www.evil.test ", "www。evil。test", "https://www.evil.test/"] {
            #expect(try Self.violation(text, check, names) != nil, "\(text)")
        }
        // A mailbox among the alternative names is checked against the constraints on mailboxes.
        #expect(try Self.violation("a@b.test", check, [.rfc822Name("a@b.test")]) == nil)
        #expect(try Self.violation("a@b.test", check, [.rfc822Name("A@b.test")]) != nil)
    }

    // OpenSSL checks it against the DNS subtrees: error 47.
    @Test func `a permitted address does not count as a permitted DNS name`() throws {
        let both = Self.check(.dnsName("example.test"), NameConstraintTests.ip("192.0.2.0/24"))
        #expect(try Self.violation("192.0.2.1", both, [Self.address])?.kind == .notPermitted)
        #expect(try Self.violation("192.0.2.1", both, [Self.address, .dnsName("a.example.test")]) == nil)
        #expect(try Self.violation("192.0.2.1", Self.check(NameConstraintTests.ip("192.0.2.0/24"))) == nil)
        #expect(try Self.violation("198.51.100.1", both, [.dnsName("a.example.test")])?.kind == .notPermitted)
    }

    @Test func `rules of templates treat common names the same way`() throws {
        var rules = TemplateRules()
        rules.names.patterns = [.dns: ["example.test", "**.example.test"], .email: ["*@example.test"]]
        let key = try SubjectPublicKey(.init(try TestAuthority().key.publicKey))
        func violation(_ text: String, _ names: [GeneralName]) throws -> String? {
            rules.violation(subject: try DistinguishedName { CommonName(text) }, names: names, key: key)
        }
        let inside: [GeneralName] = [.dnsName("a.example.test")]
        for text in Self.plain + ["www.example.test", "web-1"] {
            #expect(try violation(text, inside) == nil, "\(text)")
        }
        for text in Self.hosts.filter({ $0.contains(".") }) + [
            "192.0.2.1", "www.evil.test ", "www。evil。test",
        ] {
            #expect(try violation(text, inside) != nil, "\(text)")
        }
        for text in Self.unclear { #expect(try violation(text, []) != nil, "\(text)") }
        #expect(try violation("a@example.test", [.rfc822Name("a@example.test")]) == nil)
        rules.names.allowsWildcards = false
        #expect(try violation("*.example.test", inside)?.contains("wildcard") == true)
    }

    @Test func `values of the subject are compared by their octets`() throws {
        var rules = TemplateRules()
        rules.subject.values = [[2, 5, 4, 10]: "Café"]
        let key = try SubjectPublicKey(.init(try TestAuthority().key.publicKey))
        func violation(_ text: String) throws -> String? {
            rules.violation(subject: try DistinguishedName { OrganizationName(text) }, names: [], key: key)
        }
        #expect(try violation("Caf\u{E9}") == nil)
        #expect(try violation("Cafe\u{301}") != nil)
    }

    @Test(arguments: [
        ("EVIL.example", "evil.example"), ("*.EVIL.Example", "*.evil.example"),
        ("EVIL.example.", "evil.example."),
        (" EVIL.example ", " evil.example "), ("BÜCHER.example", "bücher.example"),
        ("Alice", "Alice"), ("Alice A. Example", "Alice A. Example"), ("WEB-1", "WEB-1"),
    ])
    func `policies see hosts in lower case and other common names as written`(_ text: String, _ value: String)
        throws
    {
        let fixture = try TestAuthority()
        let csr = try NameDER.request(subject: NameDER.commonName(text))
        let context = fixture.request(csr: csr).conditionContext(at: TestAuthority.now)
        #expect(context["signet:subjectcommonname"] == [value])
    }

    @Test func `policies see the type and the value of other names`() throws {
        let fixture = try TestAuthority()
        let names = NameDER.names([
            NameDER.otherName(
                NameDER.userPrincipalName, NameDER.node(0x0C, Array("administrator@ad.example".utf8))),
            NameDER.otherName(
                [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x07], NameDER.node(0x16, Array("_xmpp.a".utf8))),
            NameDER.otherName(NameDER.foreign, NameDER.node(0x02, [5])),
            NameDER.node(0xA5, NameDER.node(0xA1, NameDER.node(0x0C, [0x61]))),
        ])
        let csr = try NameDER.request(subject: NameDER.commonName("a"), extensions: [names])
        let context = fixture.request(csr: csr).conditionContext(at: TestAuthority.now)
        #expect(
            context["signet:othernames"] == [
                "1.3.6.1.4.1.311.20.2.3;UTF8:administrator@ad.example", "1.3.6.1.5.5.7.8.7;IA5:_xmpp.a",
                "1.3.6.1.4.1.99999.1;DER:020105", "ediPartyName;DER:a505a1030c0161",
            ])
        let shown = ExtensionText.value(names)
        #expect(shown.contains("other:1.3.6.1.4.1.311.20.2.3;UTF8:administrator@ad.example"))
        #expect(shown.contains("EDI:DER:a505a1030c0161"))
    }
}
