import PKIX
import Testing

struct ALabelTests {
    // RFC 3492, section 7.1, and registered names among them.
    @Test(arguments: [
        "xn--bcher-kva", "XN--BCHER-KVA", "xn--fiqs8s", "xn--p1ai", "xn--maana-pta", "xn--80akhbyknj4f",
        "xn--wgv71a119e",
        "xn--mgba3a4f16a", "www", "a--b", "x", "ab--cd",
    ])
    func `valid A-labels are accepted`(_ label: String) {
        #expect(ALabel.problem(label.utf8) == nil)
    }

    @Test(arguments: [
        // Labels that do not decode.
        ("xn--", "does not decode"), ("xn--a-\u{1}", "does not decode"), ("xn--99999999", "does not decode"),
        // A label that is ASCII only, and a second encoding of one label.
        ("xn--abc-", "no U-label"), ("xn--www-", "no U-label"), ("xn---", "no U-label"),
        // u and U+0308, which is ü in Normalization Form C.
        ("xn--bu-vub", "Normalization Form C"),
        // Ü, which is not lower case; the ideographic full stop; a leading mark; ONE DOT LEADER.
        ("xn--wca", "no label has"), ("xn--evilexample-7e3j", "no label has"), ("xn--lsa", "no label has"),
        ("xn--a-wbb", "no label has"), ("xn--a-5hn", "no label has"),
    ])
    func `invalid A-labels are reported`(_ label: String, _ reason: String) {
        #expect(
            ALabel.problem(label.utf8)?.contains(reason) == true,
            "\(String(describing: ALabel.problem(label.utf8)))")
    }
}
