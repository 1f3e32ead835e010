/// A condition as a test of one text, to decide whether any text of a language can pass.
struct TextTest: Sendable {
    enum Step: Sendable, Hashable {
        case one(OctetSet)
        /// Any number of octets of the set.
        case run(OctetSet)
    }

    /// The text must match one of them, or none of them.
    let patterns: [[Step]]
    let isNegated: Bool

    /// A pattern with variables is known only in part. It matches more texts here than in a request, and is
    /// left out if negated. So the test may pass too many texts, but never too few.
    init(_ texts: [PolicyText], isCaseless: Bool, isARN: Bool, isNegated: Bool) {
        let patterns = texts.map { Self.steps($0, isCaseless: isCaseless, isARN: isARN) }
        self.patterns = patterns.filter { $0.isExact || !isNegated }.map(\.steps)
        self.isNegated = isNegated
    }

    private static func steps(
        _ text: PolicyText, isCaseless: Bool, isARN: Bool
    ) -> (steps: [Step], isExact: Bool) {
        var (steps, isExact, colons): ([Step], Bool, Int) = ([], true, 0)
        for part in text.parts {
            // The six parts of an ARN are matched separately; only the last may contain colons.
            let wild = isARN && colons < 5 ? OctetSet.all.subtracting(":") : .all
            switch part {
            case .literal(let literal):
                for octet in literal.utf8 {
                    if octet == UInt8(ascii: ":") { colons += 1 }
                    guard isCaseless else {
                        steps.append(.one(OctetSet([octet])))
                        continue
                    }
                    // Case is handled only for ASCII.
                    if octet >= 0x80 { isExact = false }
                    steps.append(octet >= 0x80 ? .run(.all) : .one(bothCases(of: octet)))
                }
            case .anything: steps.append(.run(wild))
            case .anyCharacter: steps += [.one(wild), .run(.continuations)]
            case .variable:
                steps.append(.run(.all))
                (isExact, colons) = (false, 5)
            }
        }
        return (steps, isExact)
    }

    private static func bothCases(of octet: UInt8) -> OctetSet {
        let letter = octet | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
            ? OctetSet([letter, letter & ~0x20]) : OctetSet([octet])
    }
}

extension Automaton {
    /// Whether some text of the language passes all of the tests. True when in doubt: after ``mostStates``
    /// the search ends.
    func hasText(passing tests: [TextTest]) -> Bool {
        let start = State(
            grammar: Self.start,
            reached: tests.map { test in
                test.patterns.indices.reduce(into: Set()) { set, pattern in
                    insert(Place(pattern: pattern, step: 0), of: test, into: &set)
                }
            })
        let alphabet = self.alphabet(with: tests)
        var seen: Set<State> = [start]
        var open = [start]
        while let state = open.popLast() {
            if isAccepted(state, by: tests) { return true }
            for octet in alphabet {
                let reached = zip(tests, state.reached).map { advance($1, of: $0, reading: octet) }
                // No continuation can match.
                if zip(tests, reached).contains(where: { !$0.isNegated && $1.isEmpty }) { continue }
                for grammar in next[state.grammar] where entries[grammar].contains(octet) {
                    let following = State(grammar: grammar, reached: reached)
                    guard seen.insert(following).inserted else { continue }
                    guard seen.count <= Self.mostStates else { return true }
                    open.append(following)
                }
            }
        }
        return false
    }

    private static let mostStates = 4096

    private struct Place: Hashable {
        let pattern: Int
        /// The number of steps taken.
        let step: Int
    }

    private struct State: Hashable {
        let grammar: Int
        /// The reached places of each test.
        let reached: [Set<Place>]
    }

    private func insert(_ place: Place, of test: TextTest, into set: inout Set<Place>) {
        set.insert(place)
        let steps = test.patterns[place.pattern]
        if place.step < steps.count, case .run = steps[place.step] {
            insert(Place(pattern: place.pattern, step: place.step + 1), of: test, into: &set)
        }
    }

    private func advance(_ places: Set<Place>, of test: TextTest, reading octet: UInt8) -> Set<Place> {
        var next: Set<Place> = []
        for place in places {
            let steps = test.patterns[place.pattern]
            guard place.step < steps.count else { continue }
            switch steps[place.step] {
            case .one(let set):
                guard set.contains(octet) else { continue }
                insert(Place(pattern: place.pattern, step: place.step + 1), of: test, into: &next)
            case .run(let set): if set.contains(octet) { insert(place, of: test, into: &next) }
            }
        }
        return next
    }

    private func isAccepted(_ state: State, by tests: [TextTest]) -> Bool {
        accepting.contains(state.grammar)
            && zip(tests, state.reached).allSatisfy { test, places in
                places.contains { $0.step == test.patterns[$0.pattern].count } != test.isNegated
            }
    }

    /// One representative of each class of octets that the language and the tests do not distinguish.
    private func alphabet(with tests: [TextTest]) -> [UInt8] {
        var sets = Set(entries)
        for step in tests.flatMap(\.patterns).joined() {
            switch step {
            case .one(let set), .run(let set): sets.insert(set)
            }
        }
        let distinct = Array(sets)
        var seen: Set<[Bool]> = []
        return (0...255).filter { octet in seen.insert(distinct.map { $0.contains(octet) }).inserted }
    }
}
