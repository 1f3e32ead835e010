internal import Authorization

/// A pattern as a nondeterministic automaton over characters. Its states are the positions between the
/// pattern's parts, held as bits.
struct PatternAutomaton {
    private let parts: [TextPattern.Part]
    private let isCaseless: Bool
    /// The number of 64-bit words in a set of states.
    let width: Int

    init(_ test: TextTest) {
        parts = test.pattern.parts
        isCaseless = test.isCaseless
        width = parts.count / 64 + 1
    }

    /// The characters that the pattern distinguishes from all others.
    var characters: [Unicode.Scalar] {
        parts.flatMap { part -> [Unicode.Scalar] in
            guard case .character(let scalar) = part else { return [] }
            // KELVIN SIGN is also `k` in lower case.
            return isCaseless ? [scalar, scalar.uppercased] + (scalar == "k" ? ["\u{212A}"] : []) : [scalar]
        }
    }

    var start: [UInt64] {
        var states = [UInt64](repeating: 0, count: width)
        enter(0, &states)
        return states
    }

    /// The states after reading the character.
    func step(_ states: ArraySlice<UInt64>, _ character: Unicode.Scalar) -> [UInt64] {
        var next = [UInt64](repeating: 0, count: width)
        let read = isCaseless ? character.lowercased : character
        for (word, bits) in states.enumerated() {
            var rest = bits
            while rest != 0 {
                let place = word * 64 + rest.trailingZeroBitCount
                rest &= rest - 1
                guard place < parts.count else { continue }
                switch parts[place] {
                case .character(let expected): if expected == read { enter(place + 1, &next) }
                case .run(let takesColons): if takesColons || read != ":" { enter(place, &next) }
                case .one(let takesColons): if takesColons || read != ":" { enter(place + 1, &next) }
                }
            }
        }
        return next
    }

    func accepts(_ states: ArraySlice<UInt64>) -> Bool {
        states[states.startIndex + parts.count / 64] >> UInt64(parts.count % 64) & 1 == 1
    }

    /// Adds the position, and those that are reached because a run may be empty.
    private func enter(_ place: Int, _ states: inout [UInt64]) {
        var place = place
        while true {
            states[place / 64] |= 1 << UInt64(place % 64)
            guard place < parts.count, case .run = parts[place] else { return }
            place += 1
        }
    }
}

extension Unicode.Scalar {
    fileprivate var uppercased: Unicode.Scalar { single(properties.uppercaseMapping) }
    fileprivate var lowercased: Unicode.Scalar { single(properties.lowercaseMapping) }

    /// The mapped character, or the character itself if the mapping is longer.
    private func single(_ mapping: String) -> Unicode.Scalar {
        let scalars = mapping.unicodeScalars
        return scalars.count == 1 ? scalars[scalars.startIndex] : self
    }
}
