import Authorization
import PolicyAnalysis
import Testing

/// A text that patterns leave room for, or that there is none.
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
        Case(testDescription: "a run of nothing", wanted: like("a*b"), expected: .found("ab")),
        Case(testDescription: "a character that no pattern names", wanted: like("?"), expected: .found("x")),
        Case(testDescription: "another where that one is named", wanted: like("x?"), expected: .found("xy")),
        Case(
            testDescription: "what is unwanted names characters as well", wanted: like("?"),
            unwanted: like("x", "y"), expected: .found("z")),
        Case(testDescription: "an end and a beginning", wanted: like("a*", "*b"), expected: .found("ab")),
        Case(testDescription: "overlapping ones", wanted: like("ab*", "*bc"), expected: .found("abc")),
        Case(
            testDescription: "wildcards against characters", wanted: like("?b?", "a*c"),
            expected: .found("abc")),
        Case(
            testDescription: "longer than what is unwanted", wanted: like("*"), unwanted: like("?"),
            expected: .found("xx")),
        Case(
            testDescription: "beside what is unwanted", wanted: like("a*"), unwanted: like("a", "ab*"),
            expected: .found("ax")),
        Case(
            testDescription: "a run that may not be empty", wanted: like("a*b"), unwanted: literal("ab"),
            expected: .found("axb")),
        Case(testDescription: "not the empty text", wanted: like("*"), expected: .found("x")),
        Case(
            testDescription: "the empty text where nothing else will do", wanted: like("*"),
            unwanted: like("?*"), expected: .found("")),
        Case(testDescription: "the empty pattern", wanted: like(""), expected: .found("")),
        Case(testDescription: "nothing is wanted", wanted: [], expected: .found("x")),
        Case(
            testDescription: "nothing is wanted, something is unwanted", wanted: [],
            unwanted: like("?", "x*"),
            expected: .found("yy")),
        Case(testDescription: "literal wildcards", wanted: literal("*?"), expected: .found("*?")),
        Case(
            testDescription: "literal wildcards that are wildcards elsewhere", wanted: like("a*", "??"),
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
        Case(testDescription: "other beginnings", wanted: like("a*", "b*"), expected: .none),
        Case(testDescription: "other ends", wanted: like("*a", "*b"), expected: .none),
        Case(testDescription: "other lengths", wanted: like("??", "???"), expected: .none),
        Case(testDescription: "too short", wanted: like("a", "a?*"), expected: .none),
        Case(testDescription: "another case", wanted: like("a", "A"), expected: .none),
        Case(
            testDescription: "all of it is unwanted", wanted: like("a*b"), unwanted: like("a*"),
            expected: .none),
        Case(
            testDescription: "wanted and unwanted", wanted: like("a?*b"), unwanted: like("a?*b"),
            expected: .none),
        Case(
            testDescription: "what is unwanted takes all of it together", wanted: like("a*"),
            unwanted: like("a", "a?*"), expected: .none),
        Case(
            testDescription: "it begins with it, ends with it or has it inside", wanted: like("*a*"),
            unwanted: like("a*", "*a", "?*a*?"), expected: .none),
        Case(testDescription: "everything is unwanted", wanted: [], unwanted: like("*"), expected: .none),
        Case(
            testDescription: "the empty text is unwanted", wanted: like(""), unwanted: literal(""),
            expected: .none),
        Case(testDescription: "a literal is no wildcard", wanted: literal("*") + like("a"), expected: .none),
        Case(
            testDescription: "a character of two bytes is one", wanted: literal("é") + like("??"),
            expected: .none),
        Case(
            testDescription: "both cases are unwanted", wanted: caseless("a"), unwanted: like("a", "A"),
            expected: .none),
        Case(
            testDescription: "without regard to case it is unwanted", wanted: like("A*b"),
            unwanted: caseless("a*"), expected: .none),
    ]

    @Test(arguments: found)
    func `a shortest text is found, which matches`(_ entry: Case) throws {
        let witness = GlobWitness.find(matching: entry.wanted, noneOf: entry.unwanted)
        #expect(witness == entry.expected)
        guard case .found(let text) = witness else { return }
        #expect(Self.isWitness(text, entry.wanted, entry.unwanted))
    }

    @Test(arguments: none)
    func `there is none`(_ entry: Case) {
        #expect(GlobWitness.find(matching: entry.wanted, noneOf: entry.unwanted) == entry.expected)
    }

    @Test(arguments: [63, 64, 65, 127, 128, 129])
    func `a pattern may have more parts than a word has bits`(_ length: Int) {
        let ones = String(repeating: "?", count: length)
        let text = String(repeating: "x", count: length)
        #expect(GlobWitness.find(matching: Self.like(ones)) == .found(text))
        #expect(
            GlobWitness.find(matching: Self.like(ones + "*"), noneOf: Self.like(ones)) == .found(text + "x"))
        #expect(GlobWitness.find(matching: Self.like(ones), noneOf: Self.like(ones)) == .none)
        #expect(GlobWitness.find(matching: Self.like(ones, ones + "?")) == .none)
    }

    @Test func `it gives up where it may look at few states only`() {
        #expect(GlobWitness.find(matching: Self.like("?????"), most: 3) == .gaveUp)
        #expect(GlobWitness.find(matching: Self.like("?????"), most: 100) == .found("xxxxx"))
    }

    /// What random patterns are made of, and characters for all that they tell apart.
    struct Mix: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let seed: UInt64
        /// Of patterns with regard to case.
        let parts: [String]
        /// Of patterns without; empty where there are to be none.
        let caselessParts: [String]
        /// The last is one that no pattern names: it stands for all others.
        let letters: [String]

        static let longest = 5

        /// Every text of the letters, the short ones first.
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
        // Every outcome comes up, so that agreement means something.
        for outcome in [Outcome.short, .none] {
            #expect(outcomes[outcome, default: 0] > 400, "\(outcome): \(outcomes)")
        }
        #expect(outcomes[.empty, default: 0] > 20, "\(outcomes)")
    }

    /// - Parameter shortest: of the short texts, but for the empty one; nil where none of them will do
    private static func outcome(
        _ witness: GlobWitness, _ shortest: String?, _ wanted: [TextTest], _ unwanted: [TextTest]
    ) -> Outcome {
        switch witness {
        case .gaveUp: return .wrong
        case .none: return shortest == nil && !isWitness("", wanted, unwanted) ? .none : .wrong
        case .found(let text):
            guard isWitness(text, wanted, unwanted) else { return .wrong }
            if let shortest { return text.count == shortest.count ? .short : .wrong }
            if text.isEmpty { return .empty }
            return text.count > Mix.longest ? .long : .wrong
        }
    }
}

/// Patterns of few parts, so that they often meet.
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

    /// The same in every run (SplitMix64).
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
