/// IAM's wildcards: `*` for any run of characters, `?` for any one.
struct Glob: Sendable, Hashable {
    private let pattern: [UInt8]
    private let isLiteral: Bool

    init(_ pattern: String) {
        self.pattern = Array(pattern.utf8)
        isLiteral = !self.pattern.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    }

    /// In time proportional to pattern times text at worst: it goes back to the last `*` only.
    func matches(_ text: String) -> Bool {
        let text = Array(text.utf8)
        if isLiteral { return text == pattern }
        var at = 0
        var next = 0
        var star: (pattern: Int, text: Int)?
        while at < text.count {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                star = (next, at)
                next += 1
            } else if next < pattern.count, pattern[next] == UInt8(ascii: "?") || pattern[next] == text[at] {
                next += 1
                at += 1
            } else if let (starPattern, starText) = star {
                star = (starPattern, starText + 1)
                next = starPattern + 1
                at = starText + 1
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
