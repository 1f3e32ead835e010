import PKIX
import Testing

struct ALabelTests {
    // RFC 3492, section 7.1, and registered names among them.
    @Test(arguments: [
        "xn--bcher-kva", "XN--BCHER-KVA", "xn--fiqs8s", "xn--p1ai", "xn--maana-pta", "xn--80akhbyknj4f",
        "xn--wgv71a119e",
        "xn--mgba3a4f16a", "www", "a--b", "x", "ab--cd",
    ])
    func `labels that stand for what they say have no problem`(_ label: String) {
        #expect(ALabel.problem(label.utf8) == nil)
    }

    @Test(arguments: [
        // They do not decode.
        ("xn--", "does not decode"), ("xn--a-\u{1}", "does not decode"), ("xn--99999999", "does not decode"),
        // ASCII alone, and another encoding of the same.
        ("xn--abc-", "no U-label"), ("xn--www-", "no U-label"), ("xn---", "no U-label"),
        // u and U+0308, which is ü in Normalization Form C.
        ("xn--bu-vub", "Normalization Form C"),
        // Ü, which is no letter of lower case; the ideographic full stop; a mark at the beginning; ONE DOT LEADER.
        ("xn--wca", "no label has"), ("xn--evilexample-7e3j", "no label has"), ("xn--lsa", "no label has"),
        ("xn--a-wbb", "no label has"), ("xn--a-5hn", "no label has"),
    ])
    func `labels that stand for none are told`(_ label: String, _ reason: String) {
        #expect(
            ALabel.problem(label.utf8)?.contains(reason) == true,
            "\(String(describing: ALabel.problem(label.utf8)))")
    }
}
