import Testing

@testable import Issuance

struct NameSyntaxTests {
    @Test(arguments: [
        "a", "a.example", "*.a.example", "xn--bcher-kva.example", "_dmarc.a.example", "localhost", "1.a",
        "*.1.a", String(repeating: "a", count: 63), String(repeating: "a.", count: 126) + "a",
    ])
    func `a DNS name is one`(_ text: String) { #expect(NameSyntax.isDNSName(text)) }

    @Test(arguments: [
        "", ".", "a..b", ".a", "a.", "*", "a.*.b", "*a.b", "bad name", "a/b", "www.a.com\0.e.com",
        "bücher.example",
        "-a.b", "a-.b", "*.", "*..a", "*.*.a", "*.1", "a.1", "1", "1.2", "10.0.0.1",
        String(repeating: "a", count: 64),
        String(repeating: "a.", count: 127) + "a", "a\n",
    ])
    func `what is no DNS name is refused`(_ text: String) { #expect(!NameSyntax.isDNSName(text)) }

    @Test func `email addresses and URIs have their forms`() {
        for good in ["a@b", "first.last+tag@mail.example"] { #expect(NameSyntax.isMailbox(good)) }
        for bad in ["", "nobody", "@b", "a@", "a@b@c", "a b@c", "a@*.b", "a\0@b", "ä@b"] {
            #expect(!NameSyntax.isMailbox(bad), "\(bad)")
        }
        for good in ["spiffe://example.org/web", "urn:uuid:1", "https://a"] {
            #expect(NameSyntax.isAbsoluteURI(good))
        }
        for bad in [
            "", "notauri", ":x", "http:", "1http://a", "http://a b", "http://a\0",
            #"https://evil.test\@a.example/"#, "http://a|b",
        ] {
            #expect(!NameSyntax.isAbsoluteURI(bad), "\(bad)")
        }
    }
}
