public import Authorization

/// A test whether a text matches a pattern, with or without regard to case.
public struct TextTest: Sendable, Hashable {
    public let pattern: TextPattern
    /// If true, the pattern is in lower case.
    public let isCaseless: Bool

    public init(_ pattern: TextPattern, isCaseless: Bool = false) {
        self.pattern = pattern
        self.isCaseless = isCaseless
    }

    public func matches(_ text: String) -> Bool { pattern.matches(isCaseless ? text.lowercased() : text) }

    /// The only text that matches; nil when several match.
    var literal: String? { isCaseless ? nil : pattern.literal }
}

extension String {
    /// Compares scalars: policies distinguish texts that Swift's equality does not.
    func isSame(as other: String) -> Bool { unicodeScalars.elementsEqual(other.unicodeScalars) }
}
