/// A pattern for the labels of a name. `*` matches any text without its separators, and `**` any text. In
/// IAM's patterns (`Glob` of Authorization) `*` matches separators too, and there is `?`.
struct LabelPattern {
    private let parts: [Part]

    private enum Part: Hashable {
        case byte(UInt8)
        case withinLabel
        case anything
    }

    private let stops: [UInt8]

    init(pattern: String, stopping stops: String) {
        self.stops = Array(stops.utf8)
        var parts: [Part] = []
        for byte in pattern.utf8 {
            guard byte == UInt8(ascii: "*") else {
                parts.append(.byte(byte))
                continue
            }
            if parts.last == .withinLabel {
                parts[parts.count - 1] = .anything
            } else if parts.last != .anything {
                parts.append(.withinLabel)
            }
        }
        self.parts = parts
    }

    /// The time is proportional to the product of the lengths, for every pattern.
    func matches(_ text: String) -> Bool {
        // Whether the first n parts match the text so far.
        var reached = [true] + parts.indices.map { index in parts[...index].allSatisfy { !isByte($0) } }
        for byte in text.utf8 {
            var next = [Bool](repeating: false, count: parts.count + 1)
            for (index, part) in parts.enumerated() {
                switch part {
                case .byte(let expected): next[index + 1] = reached[index] && byte == expected
                case .withinLabel:
                    next[index + 1] =
                        next[index] || ((reached[index] || reached[index + 1]) && !stops.contains(byte))
                case .anything: next[index + 1] = next[index] || reached[index] || reached[index + 1]
                }
            }
            reached = next
        }
        return reached[parts.count]
    }

    private func isByte(_ part: Part) -> Bool { if case .byte = part { true } else { false } }
}
