import Authorization
import PolicyAnalysis
import Testing

/// Finds a text that matches all wanted patterns and no unwanted one, or shows that there is none.
struct GlobWitnessTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let wanted: [TextTest]
        var unwanted: [TextTest] = []
        let expected: GlobWitness
    }

    static func like(_ texts: String...) -> [TextTest] { texts.map { TextTest(TextPattern(like: $0)) } }

    static func literal(_ texts: String...) -> [TextTest] { texts.map { TextTest(TextPattern(literal: $0)) } }

    static func caseless(_ texts: String...) -> [TextTest] {
        texts.map { TextTest(TextPattern(like: $0), isCaseless: true) }
    }

    static func isWitness(_ text: String, _ wanted: [TextTest], _ unwanted: [TextTest]) -> Bool {
        wanted.allSatisfy { $0.matches(text) } && !unwanted.contains { $0.matches(text) }
    }

    static let found: [Case] = [
        Case(testDescription: "no wildcard", wanted: like("ab"), expected: .found("ab")),
        Case(testDescription: "an empty run", wanted: like("a*b"), expected: .found("ab")),
        Case(testDescription: "a character that no pattern names", wanted: like("?"), expected: .found("x")),
        Case(
            testDescription: "a different character where that one is named", wanted: like("x?"),
            expected: .found("xy")),
        Case(
            testDescription: "unwanted patterns name characters as well", wanted: like("?"),
            unwanted: like("x", "y"), expected: .found("z")),
        Case(testDescription: "a prefix and a suffix", wanted: like("a*", "*b"), expected: .found("ab")),
        Case(testDescription: "overlapping patterns", wanted: like("ab*", "*bc"), expected: .found("abc")),
        Case(
            testDescription: "wildcards against characters", wanted: like("?b?", "a*c"),
            expected: .found("abc")),
        Case(
            testDescription: "longer than the unwanted texts", wanted: like("*"), unwanted: like("?"),
            expected: .found("xx")),
        Case(
            testDescription: "beside the unwanted texts", wanted: like("a*"), unwanted: like("a", "ab*"),
            expected: .found("ax")),
        Case(
            testDescription: "a run that must not be empty", wanted: like("a*b"), unwanted: literal("ab"),
            expected: .found("axb")),
        Case(testDescription: "not the empty text", wanted: like("*"), expected: .found("x")),
        Case(
            testDescription: "the empty text as the last resort", wanted: like("*"),
            unwanted: like("?*"), expected: .found("")),
        Case(testDescription: "the empty pattern", wanted: like(""), expected: .found("")),
        Case(testDescription: "no wanted pattern", wanted: [], expected: .found("x")),
        Case(
            testDescription: "no wanted pattern, but an unwanted one", wanted: [],
            unwanted: like("?", "x*"),
            expected: .found("yy")),
        Case(testDescription: "literal wildcards", wanted: literal("*?"), expected: .found("*?")),
        Case(
            testDescription: "literal wildcards that match wildcards", wanted: like("a*", "??"),
            unwanted: like("ax"), expected: .found("ay")),
        Case(
            testDescription: "characters of several bytes", wanted: like("é?") + literal("é日"),
            expected: .found("é日")),
        Case(
            testDescription: "the other case", wanted: caseless("a"), unwanted: like("a"),
            expected: .found("A")),
        Case(
            testDescription: "the other case beyond ASCII", wanted: caseless("é"), unwanted: like("é"),
            expected: .found("É")),
        Case(
            testDescription: "mixed case", wanted: caseless("a*c") + like("A?C"),
            unwanted: caseless("axc"), expected: .found("AyC")),
    ]

    static let none: [Case] = [
        Case(testDescription: "different prefixes", wanted: like("a*", "b*"), expected: .none),
        Case(testDescription: "different suffixes", wanted: like("*a", "*b"), expected: .none),
        Case(testDescription: "different lengths", wanted: like("??", "???"), expected: .none),
        Case(testDescription: "too short", wanted: like("a", "a?*"), expected: .none),
        Case(testDescription: "another case", wanted: like("a", "A"), expected: .none),
        Case(
            testDescription: "all of it unwanted", wanted: like("a*b"), unwanted: like("a*"),
            expected: .none),
        Case(
            testDescription: "wanted and unwanted", wanted: like("a?*b"), unwanted: like("a?*b"),
            expected: .none),
        Case(
            testDescription: "two unwanted patterns exclude all of it together", wanted: like("a*"),
            unwanted: like("a", "a?*"), expected: .none),
        Case(
            testDescription: "three unwanted patterns: prefix, suffix and infix", wanted: like("*a*"),
            unwanted: like("a*", "*a", "?*a*?"), expected: .none),
        Case(testDescription: "everything unwanted", wanted: [], unwanted: like("*"), expected: .none),
        Case(
            testDescription: "the empty text unwanted", wanted: like(""), unwanted: literal(""),
            expected: .none),
        Case(
            testDescription: "a literal is not a wildcard", wanted: literal("*") + like("a"), expected: .none),
        Case(
            testDescription: "a character of two octets counts as one", wanted: literal("é") + like("??"),
            expected: .none),
        Case(
            testDescription: "both cases unwanted", wanted: caseless("a"), unwanted: like("a", "A"),
            expected: .none),
        Case(
            testDescription: "unwanted without regard to case", wanted: like("A*b"),
            unwanted: caseless("a*"), expected: .none),
    ]

    @Test(arguments: found)
    func `a shortest matching text is found`(_ entry: Case) throws {
        let witness = GlobWitness.find(matching: entry.wanted, noneOf: entry.unwanted)
        #expect(witness == entry.expected)
        guard case .found(let text) = witness else { return }
        #expect(Self.isWitness(text, entry.wanted, entry.unwanted))
    }

    @Test(arguments: none)
    func `no text exists`(_ entry: Case) {
        #expect(GlobWitness.find(matching: entry.wanted, noneOf: entry.unwanted) == entry.expected)
    }

    @Test(arguments: [63, 64, 65, 127, 128, 129])
    func `a pattern may have more parts than a machine word has bits`(_ length: Int) {
        let ones = String(repeating: "?", count: length)
        let text = String(repeating: "x", count: length)
        #expect(GlobWitness.find(matching: Self.like(ones)) == .found(text))
        #expect(
            GlobWitness.find(matching: Self.like(ones + "*"), noneOf: Self.like(ones)) == .found(text + "x"))
        #expect(GlobWitness.find(matching: Self.like(ones), noneOf: Self.like(ones)) == .none)
        #expect(GlobWitness.find(matching: Self.like(ones, ones + "?")) == .none)
    }

    @Test func `the search stops at its limit of states`() {
        #expect(GlobWitness.find(matching: Self.like("?????"), most: 3) == .limitReached)
        #expect(GlobWitness.find(matching: Self.like("?????"), most: 100) == .found("xxxxx"))
    }

    /// The parts of random patterns, and characters for everything they distinguish.
    struct Mix: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let seed: UInt64
        /// Parts of case-sensitive patterns.
        let parts: [String]
        /// Parts of case-insensitive patterns; empty if there are none.
        let caselessParts: [String]
        /// The last letter is named by no pattern and represents all others.
        let letters: [String]

        static let longest = 5

        /// Every text over the letters, the short ones first.
        var texts: [String] {
            var texts = [""]
            var last = [""]
            for _ in 0..<Self.longest {
                last = last.flatMap { text in letters.map { text + $0 } }
                texts += last
            }
            return texts
        }
    }

    static let mixes = [
        Mix(
            testDescription: "with regard to case", seed: 20_261_125, parts: ["a", "b", "*", "?"],
            caselessParts: [], letters: ["a", "b", "c"]),
        Mix(
            testDescription: "with and without regard to case", seed: 20_261_126,
            parts: ["a", "A", "*", "?"],
            caselessParts: ["a", "*", "?"], letters: ["a", "A", "c"]),
    ]

    enum Outcome: CaseIterable {
        case none
        case empty
        case short
        case long
        case wrong
    }

    @Test(arguments: mixes)
    func `trying all short texts agrees on 2,000 random lists of patterns`(_ mix: Mix) {
        var random = Patterns(mix)
        let texts = mix.texts
        var outcomes: [Outcome: Int] = [:]
        for _ in 0..<2000 {
            let wanted = random.tests(0...2)
            let unwanted = random.tests(0...3)
            let shortest = texts.first { !$0.isEmpty && Self.isWitness($0, wanted, unwanted) }
            let witness = GlobWitness.find(matching: wanted, noneOf: unwanted)
            let outcome = Self.outcome(witness, shortest, wanted, unwanted)
            outcomes[outcome, default: 0] += 1
            guard outcome != .wrong else {
                Issue.record("\(witness), but \(shortest ?? "none so short"): \(wanted), none of \(unwanted)")
                return
            }
        }
        // Every outcome must occur, so that agreement is meaningful.
        for outcome in [Outcome.short, .none] {
            #expect(outcomes[outcome, default: 0] > 400, "\(outcome): \(outcomes)")
        }
        #expect(outcomes[.empty, default: 0] > 20, "\(outcomes)")
    }

    /// - Parameter shortest: the shortest matching text, except the empty one; nil if no short text matches
    private static func outcome(
        _ witness: GlobWitness, _ shortest: String?, _ wanted: [TextTest], _ unwanted: [TextTest]
    ) -> Outcome {
        switch witness {
        case .limitReached: return .wrong
        case .none: return shortest == nil && !isWitness("", wanted, unwanted) ? .none : .wrong
        case .found(let text):
            guard isWitness(text, wanted, unwanted) else { return .wrong }
            if let shortest { return text.count == shortest.count ? .short : .wrong }
            if text.isEmpty { return .empty }
            return text.count > Mix.longest ? .long : .wrong
        }
    }
}

/// Patterns with few parts, so that they often match.
private struct Patterns {
    private let mix: GlobWitnessTests.Mix
    private var state: UInt64

    init(_ mix: GlobWitnessTests.Mix) {
        self.mix = mix
        state = mix.seed
    }

    mutating func tests(_ count: ClosedRange<Int>) -> [TextTest] {
        (0..<number(count)).map { _ in test() }
    }

    private mutating func test() -> TextTest {
        let isCaseless = !mix.caselessParts.isEmpty && number(0...1) == 1
        let parts = isCaseless ? mix.caselessParts : mix.parts
        let text = (0..<number(1...5)).map { _ in parts[number(0...parts.count - 1)] }.joined()
        return TextTest(TextPattern(like: text), isCaseless: isCaseless)
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    /// The same sequence in every run (SplitMix64).
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
