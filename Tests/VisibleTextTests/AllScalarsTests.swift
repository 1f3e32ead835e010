import Foundation
import TestSupport
import Testing
import VisibleText

/// Every scalar of Unicode, checked with Python's tables instead of those that the escape itself uses.
struct AllScalarsTests {
    private static let judge = """
        import json, sys, unicodedata
        FORBIDDEN = {"Cc", "Cf", "Zl", "Zp", "Co", "Cs"}
        faults, readable = [], 0
        for line in open(sys.argv[1], encoding="utf-8", newline="\\n"):
            number, point, pairs, quoted = line.rstrip("\\n").split("\\t")
            scalar = chr(int(number, 16))
            category = unicodedata.category(scalar)
            for form in (point, pairs, quoted):
                if any(unicodedata.category(c) in FORBIDDEN for c in form):
                    faults.append(f"{number} {category}: {form!r}")
            if category in ("Lu", "Ll", "Nd", "Po", "Sc") and point != scalar:
                faults.append(f"{number} {category} is not readable: {point!r}")
            readable += point == scalar
            if point != scalar and point != "\\\\u{%X}" % ord(scalar):
                faults.append(f"{number}: {point!r}")
            if pairs != scalar and bytes.fromhex(pairs.replace("\\\\", "")) != scalar.encode():
                faults.append(f"{number}: {pairs!r} are not its octets")
            if json.loads('"' + quoted + '"') != scalar:
                faults.append(f"{number}: JSON {quoted!r}")
        print(json.dumps({"faults": faults[:20], "readable": readable}))
        """

    @Test func `no scalar of a forbidden category is printed raw, and letters are`() throws {
        let directory = try TemporaryDirectory()
        var lines = ""
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            let forms = [
                EscapedText(text).text, EscapedText(text, escape: .hexPairs).text,
                // A JSON string has escaped these already.
                ["\"", "\\", "\n", "\t", "\r"].contains(scalar)
                    ? "\\u00" + (value < 16 ? "0" : "") + String(value, radix: 16)
                    : EscapedText(json: text).text,
            ]
            lines += String(value, radix: 16) + "\t" + forms.joined(separator: "\t") + "\n"
        }
        try directory.write("scalars", lines)
        try directory.write("judge.py", Self.judge)
        let output = try Command.output(
            "python3", [directory.path("judge.py"), directory.path("scalars")])
        struct Verdict: Decodable {
            let faults: [String]
            let readable: Int
        }
        let verdict = try JSONDecoder().decode(Verdict.self, from: Data(output.utf8))
        #expect(verdict.faults == [])
        #expect(verdict.readable > 100_000)
    }
}
