import OctetText
import Testing

struct OctetTextTests {
    static let joiners = ["\u{301}", "\u{200D}", "\u{FE0F}", "\u{20E3}", "\u{1F3FD}", "\u{0}", "\n"]

    @Test func `a separator separates, whatever follows it`() {
        for joiner in Self.joiners {
            let text = "a/\(joiner)b/c"
            #expect(
                text.pieces(at: "/").map { Array($0.utf8) }
                    == ["a", "\(joiner)b", "c"].map { Array($0.utf8) })
            #expect(text.hasOctetPrefix("a/"))
            #expect("x.\(joiner)".hasOctetPrefix("x."))
            #expect(!"x.\(joiner)".hasOctetSuffix("."))
            #expect("\(joiner)/y".containsOctets("/y") && "/\(joiner)y".containsOctet("/"))
        }
        #expect("a:b:c".pieces(at: ":", most: 2) == ["a", "b:c"])
        #expect("".pieces(at: ":") == [""] && ":".pieces(at: ":") == ["", ""])
        #expect("\r\nx".pieces(at: "\n").count == 2)
    }

    @Test func `two encodings of one character are two texts`() {
        #expect("caf\u{E9}" == "cafe\u{301}")
        #expect(!"caf\u{E9}".equalsOctets("cafe\u{301}"))
        #expect(!"cafe\u{301}".hasOctetPrefix("caf\u{E9}"))
        #expect("CAFE\u{301}\u{212A}".asciiLowercased.equalsOctets("cafe\u{301}\u{212A}"))
    }

    @Test func `a prefix is limited in octets and contains whole scalars`() {
        let marks = "a" + String(repeating: "\u{301}", count: 100_000)
        #expect(marks.prefix(128).utf8.count > 100_000)
        for most in 0...200 {
            let beginning = marks.prefix(octets: most)
            #expect(beginning.utf8.count <= most && beginning.utf8.count >= most - 1)
            #expect(marks.hasOctetPrefix(beginning))
        }
        #expect("\u{1F600}x".prefix(octets: 3).isEmpty && "\u{1F600}x".prefix(octets: 4) == "\u{1F600}")
        #expect("abc".prefix(octets: 3) == "abc" && "abc".prefix(octets: 9) == "abc")
        #expect("abc".dropping(octets: 2) == "c" && "abc".dropping(octets: 9).isEmpty)
    }
}
