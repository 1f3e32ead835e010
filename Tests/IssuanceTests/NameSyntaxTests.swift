import Testing
import X509

@testable import Issuance

struct NameSyntaxTests {
    @Test(arguments: [
        "a", "a.example", "*.a.example", "xn--bcher-kva.example", "_dmarc.a.example", "localhost", "1.a",
        "*.1.a", String(repeating: "a", count: 63), String(repeating: "a.", count: 126) + "a",
    ])
    func `valid DNS names are accepted`(_ text: String) { #expect(NameSyntax.isDNSName(text)) }

    @Test(arguments: [
        "", ".", "a..b", ".a", "a.", "*", "a.*.b", "*a.b", "bad name", "a/b", "www.a.com\0.e.com",
        "bücher.example",
        "-a.b", "a-.b", "*.", "*..a", "*.*.a", "*.1", "a.1", "1", "1.2", "10.0.0.1",
        String(repeating: "a", count: 64),
        String(repeating: "a.", count: 127) + "a", "a\n",
    ])
    func `invalid DNS names are refused`(_ text: String) { #expect(!NameSyntax.isDNSName(text)) }

    @Test func `email addresses and URIs are checked`() {
        for good in ["a@b", "first.last+tag@mail.example"] { #expect(NameSyntax.isMailbox(good)) }
        for bad in [
            "", "nobody", "@b", "a@", "a@b@c", "a b@c", "a@*.b", "a\0@b", "ä@b", "a..b@c", ".a@c", "a.@c",
            "a,b@c", #""a"@c"#, "a@[192.0.2.1]", "a@c.", String(repeating: "a", count: 65) + "@c",
        ] {
            #expect(!NameSyntax.isMailbox(bad), "\(bad)")
        }
        for good in [
            "spiffe://example.org/web", "urn:uuid:1", "https://a", "https://a:8443/x?y=%20#z",
            "https://[::1]/",
            "https://u:p@a.example/", "http://192.0.2.1/", "ldap:///cn=x", "tag:a,2026:b", "a:b",
            "https://a:65535/", "https://a:/", "https://a:0080/", "mailto:a@b.example", "file:/x",
        ] {
            #expect(URISyntax.problem(good) == nil, "\(good)")
        }
        for bad in [
            "", "notauri", ":x", "http:", "1http://a", "http://a b", "http://a\0",
            #"https://evil.test\@a.example/"#, "http://a|b", "https://[::1", "https://a..b/", "http://a/%zz",
            "http://a/%4", "http://a/#b#c", "http://a/[b]", "http://a@b@c/", "http://[v1.x]/",
            "http://[::1]x/",
            "http://a:8x/", "https:///a", "http://*.a/", "http://1.2.3/", "http://0x7f.1/", "http://xn--wca/",
            "https:a", "https:evil.test/", "HTTPS:/a", "http:/a/b", "ws:a", "wss:/a", "ftp:a/b", "ftp:///a",
            "spiffe:a/b", "SPIFFE:/a", "https:?a", "http:#a", "https://a:65536/",
            "https://a:99999999999999999999/",
            "ldap://a:70000/", "https://[::1]:65536/", "https://u@a.example:100000",
        ] {
            #expect(URISyntax.problem(bad) != nil, "\(bad)")
        }
    }

    // RFC 6531, section 3.3: characters that UTF-8 adds to the local part belong to atoms.
    @Test(arguments: [
        "ü<a>@example.com", "ü(evil)@example.com", "ü,@example.com", #"ü\@example.com"#, ".ü@example.com",
        "ü.@example.com", "ü..a@example.com", "ü;@example.com", "ü[a]@example.com",
    ])
    func `the local part of a SmtpUTF8Mailbox is a Dot-string`(_ text: String) throws {
        guard case .otherName(let name) = NameConstraintTests.smtpUTF8Mailbox(text) else { return }
        #expect(try #require(OtherNameSyntax.problem(name)).contains("Dot-string"))
        guard case .otherName(let good) = NameConstraintTests.smtpUTF8Mailbox("ü.a+b@example.com") else {
            return
        }
        #expect(OtherNameSyntax.problem(good) == nil)
    }
}
