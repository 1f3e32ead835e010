/// IAM's wildcards: `*` for any run of characters, `?` for any one.
struct Glob: Sendable, Hashable {
    private enum Token: Sendable, Hashable {
        case byte(UInt8)
        case any
        case one
    }

    private let pattern: [Token]
    /// The text of a pattern without wildcards; nil with wildcards.
    private let literal: [UInt8]?
    /// The text before the first wildcard, where most mismatches are found.
    private let prefix: [UInt8]

    init(_ pattern: String) {
        self.init(
            pattern.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "*"): .any
                case UInt8(ascii: "?"): .one
                default: .byte(byte)
                }
            })
    }

    /// Makes a pattern from a text whose variables have values.
    init(_ parts: [PolicyText.Part]) {
        self.init(
            parts.flatMap { part -> [Token] in
                switch part {
                case .literal(let text): text.utf8.map { .byte($0) }
                case .anything: [.any]
                case .anyCharacter: [.one]
                case .variable: []
                }
            })
    }

    private init(_ tokens: [Token]) {
        pattern = tokens
        let bytes = tokens.compactMap { if case .byte(let byte) = $0 { byte } else { nil } }
        literal = bytes.count == tokens.count ? bytes : nil
        let end = tokens.firstIndex { if case .byte = $0 { false } else { true } } ?? tokens.count
        prefix = Array(bytes[..<end])
    }

    func matches(_ text: String) -> Bool {
        let octets = text.utf8
        // ARNs of one kind have a common beginning, so length and end are compared first.
        if let literal {
            return octets.count == literal.count && octets.last == literal.last
                && octets.elementsEqual(literal)
        }
        guard octets.count >= prefix.count else { return false }
        if let last = prefix.last, octets[octets.index(octets.startIndex, offsetBy: prefix.count - 1)] != last
        {
            return false
        }
        return octets.starts(with: prefix) && matches(Array(octets)[...])
    }

    /// The worst-case time is the product of the lengths, because it backtracks only to the last `*`.
    private func matches(_ text: ArraySlice<UInt8>) -> Bool {
        var at = text.startIndex
        var next = 0
        var star: (pattern: Int, text: Int)?
        while at < text.endIndex {
            if next < pattern.count, pattern[next] == .any {
                star = (next, at)
                next += 1
            } else if next < pattern.count, let length = matchLength(pattern[next], text[at...]) {
                next += 1
                at += length
            } else if let (starPattern, starText) = star {
                star = (starPattern, starText + 1)
                next = starPattern + 1
                at = starText + 1
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == .any }
    }

    /// The number of bytes that the token matches in a non-empty text; nil when it does not match.
    private func matchLength(_ token: Token, _ text: ArraySlice<UInt8>) -> Int? {
        switch token {
        case .byte(let expected): return expected == text[text.startIndex] ? 1 : nil
        // One character, however many bytes of UTF-8 it has.
        case .one: return 1 + text.dropFirst().prefix { $0 & 0xC0 == 0x80 }.count
        case .any: return nil
        }
    }

    /// Matches the six parts of an ARN separately, so that a wildcard stays in its part (IAM User Guide,
    /// "Amazon Resource Name (ARN) condition operators").
    func matches(arn text: String) -> Bool {
        // A pattern without wildcards has the six parts.
        if literal != nil, pattern.count(where: { $0 == .byte(UInt8(ascii: ":")) }) >= 5 {
            return matches(text)
        }
        let patterns = pattern.split(
            separator: .byte(UInt8(ascii: ":")), maxSplits: 5, omittingEmptySubsequences: false)
        let parts = Array(text.utf8).split(
            separator: UInt8(ascii: ":"), maxSplits: 5, omittingEmptySubsequences: false)
        guard patterns.count == 6, parts.count == 6 else { return false }
        return zip(patterns, parts).allSatisfy { Glob(Array($0)).matches($1) }
    }
}
