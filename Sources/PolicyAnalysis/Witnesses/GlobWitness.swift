internal import Authorization

/// The result of searching for a text that matches some patterns and does not match others.
public enum GlobWitness: Sendable, Hashable {
    /// A shortest text. It is empty only if no other text matches.
    case found(String)
    /// No such text exists.
    case none
    /// The search reached its limit of states.
    case limitReached

    /// A breadth-first search over the product of the patterns' automata. The alphabet has every character
    /// that a pattern names, and one that no pattern names. That one stands for all the others, because no
    /// pattern distinguishes them.
    /// - Parameter most: the maximum number of states to examine
    public static func find(
        matching wanted: [TextTest], noneOf unwanted: [TextTest] = [], most: Int = 200_000
    ) -> GlobWitness {
        let search = Search(
            wanted: wanted.map(PatternAutomaton.init), unwanted: unwanted.map(PatternAutomaton.init))
        return search.run(most: most)
    }
}

private struct Search {
    let wanted: [PatternAutomaton]
    let unwanted: [PatternAutomaton]

    private struct Node {
        let states: [UInt64]
        let parent: Int
        let character: Unicode.Scalar
    }

    func run(most: Int) -> GlobWitness {
        let automata = wanted + unwanted
        let alphabet = Self.alphabet(automata)
        let start = automata.flatMap(\.start)
        var nodes = [Node(states: start, parent: -1, character: "\0")]
        // The start is not marked as seen: a non-empty text that leads back to the same states is preferred
        // to the empty one.
        var seen: Set<[UInt64]> = []
        var at = 0
        while at < nodes.count {
            for character in alphabet {
                guard let next = step(nodes[at].states, character), seen.insert(next).inserted else {
                    continue
                }
                nodes.append(Node(states: next, parent: at, character: character))
                if isWitness(next) { return .found(Self.text(nodes)) }
                if nodes.count > most { return .limitReached }
            }
            at += 1
        }
        return isWitness(start) ? .found("") : .none
    }

    /// The states after the character; nil when no continuation can match the wanted patterns.
    private func step(_ states: [UInt64], _ character: Unicode.Scalar) -> [UInt64]? {
        var next: [UInt64] = []
        next.reserveCapacity(states.count)
        var at = 0
        for automaton in wanted {
            let own = automaton.step(states[at..<at + automaton.width], character)
            if own.allSatisfy({ $0 == 0 }) { return nil }
            next += own
            at += automaton.width
        }
        for automaton in unwanted {
            next += automaton.step(states[at..<at + automaton.width], character)
            at += automaton.width
        }
        return next
    }

    private func isWitness(_ states: [UInt64]) -> Bool {
        var at = 0
        for (index, automaton) in (wanted + unwanted).enumerated() {
            if automaton.accepts(states[at..<at + automaton.width]) != (index < wanted.count) { return false }
            at += automaton.width
        }
        return true
    }

    /// The character that no pattern names comes first, so that it fills wildcards.
    private static func alphabet(_ automata: [PatternAutomaton]) -> [Unicode.Scalar] {
        let named = Set(automata.flatMap(\.characters))
        let candidates = "xyzabcdefghijklmnopqrstuvw0123456789-_".unicodeScalars.map { $0 }
        let others = (0xE000...0xF8FF).lazy.compactMap { Unicode.Scalar($0 as Int) }
        let fresh = candidates.first { !named.contains($0) } ?? others.first { !named.contains($0) }
        return (fresh.map { [$0] } ?? []) + named.sorted()
    }

    private static func text(_ nodes: [Node]) -> String {
        var characters: [Unicode.Scalar] = []
        var at = nodes.count - 1
        while at > 0 {
            characters.append(nodes[at].character)
            at = nodes[at].parent
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: characters.reversed())
        return String(text)
    }
}

extension Unicode.Scalar {
    fileprivate init?(_ value: Int) { self.init(UInt32(value)) }
}
