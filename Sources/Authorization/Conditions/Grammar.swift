/// A regular language over octets, built from the constructs of ABNF (RFC 5234).
indirect enum Grammar: Sendable {
    case octet(OctetSet)
    case sequence([Grammar])
    case choice([Grammar])
    /// Zero or more repetitions.
    case any(Grammar)

    static func text(_ text: String) -> Grammar { .sequence(text.utf8.map { .octet(OctetSet([$0])) }) }

    static func oneOf(_ texts: [String]) -> Grammar { .choice(texts.map { .text($0) }) }

    static func some(_ grammar: Grammar) -> Grammar { .sequence([grammar, .any(grammar)]) }

    static func some(_ octets: OctetSet) -> Grammar { some(.octet(octets)) }

    static func optional(_ grammar: Grammar) -> Grammar { .choice([grammar, .sequence([])]) }

    static func times(_ count: Int, _ octets: OctetSet) -> Grammar {
        .sequence(Array(repeating: .octet(octets), count: count))
    }

    static let anything = Grammar.any(.octet(.all))
}

/// A grammar as a machine that reads a text octet by octet (V. M. Glushkov's construction): each octet in the
/// grammar is a state, which is entered when that octet is read.
struct Automaton: Sendable {
    static let start = 0

    /// The octets that enter each state; the start state has none.
    private(set) var entries = [OctetSet([])]
    private(set) var next: [[Int]] = [[]]
    private(set) var accepting: Set<Int> = []

    private struct Piece {
        var isNullable: Bool
        var first: [Int]
        var last: [Int]
    }

    init(_ grammar: Grammar) {
        let whole = add(grammar)
        next[Self.start] = whole.first
        accepting = Set(whole.last)
        if whole.isNullable { accepting.insert(Self.start) }
    }

    private mutating func add(_ grammar: Grammar) -> Piece {
        switch grammar {
        case .octet(let set):
            entries.append(set)
            next.append([])
            return Piece(isNullable: false, first: [entries.count - 1], last: [entries.count - 1])
        case .sequence(let parts):
            var whole = Piece(isNullable: true, first: [], last: [])
            for part in parts {
                let piece = add(part)
                connect(whole.last, to: piece.first)
                if whole.isNullable { whole.first += piece.first }
                whole.last = piece.isNullable ? whole.last + piece.last : piece.last
                whole.isNullable = whole.isNullable && piece.isNullable
            }
            return whole
        case .choice(let parts):
            let pieces = parts.map { add($0) }
            return Piece(
                isNullable: pieces.contains(where: \.isNullable), first: pieces.flatMap(\.first),
                last: pieces.flatMap(\.last))
        case .any(let part):
            let piece = add(part)
            connect(piece.last, to: piece.first)
            return Piece(isNullable: true, first: piece.first, last: piece.last)
        }
    }

    private mutating func connect(_ ends: [Int], to states: [Int]) {
        for end in ends { next[end] += states.filter { !next[end].contains($0) } }
    }
}
