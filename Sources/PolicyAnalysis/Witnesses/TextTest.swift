public import Authorization

/// Whether a text matches a pattern, with or without regard to case.
public struct TextTest: Sendable, Hashable {
    public let pattern: TextPattern
    /// The pattern is in lower case then.
    public let isCaseless: Bool

    public init(_ pattern: TextPattern, isCaseless: Bool = false) {
        self.pattern = pattern
        self.isCaseless = isCaseless
    }

    public func matches(_ text: String) -> Bool { pattern.matches(isCaseless ? text.lowercased() : text) }

    /// What it matches, where that is one text only.
    var literal: String? { isCaseless ? nil : pattern.literal }
}

extension String {
    /// To the scalar: policies tell texts apart that Swift's own equality does not.
    func isSame(as other: String) -> Bool { unicodeScalars.elementsEqual(other.unicodeScalars) }
}
