/// One line of a statement's Condition block: an operator, a key, and the values it is held against.
struct Condition: Sendable {
    enum Operator: String, Sendable, CaseIterable {
        case stringEquals = "StringEquals"
        case stringNotEquals = "StringNotEquals"
        case stringLike = "StringLike"
        case stringNotLike = "StringNotLike"

        /// IAM: a negated operator holds when the request does not have the key.
        var isNegated: Bool { self == .stringNotEquals || self == .stringNotLike }
    }

    /// The keys a policy may name. A key nobody ever sets would make an Allow dead and a Deny harmless, so
    /// others are refused when the policy is loaded.
    static let knownKeys: Set<String> = ["acm-pca:templatearn", "aws:principalarn", "aws:principalaccount"]

    let comparison: Operator
    /// In lower case: keys are compared without regard to case.
    let key: String
    let values: [String]
    private let globs: [Glob]

    init(_ comparison: Operator, key: String, values: [String]) {
        self.comparison = comparison
        self.key = key.lowercased()
        self.values = values
        globs = values.map(Glob.init)
    }

    /// IAM: the values of one key are alternatives; for a negated operator none of them may match.
    func holds(in context: [String: String]) -> Bool {
        guard let value = context[key] else { return comparison.isNegated }
        switch comparison {
        case .stringEquals: return values.contains(value)
        case .stringNotEquals: return !values.contains(value)
        case .stringLike: return globs.contains { $0.matches(value) }
        case .stringNotLike: return !globs.contains { $0.matches(value) }
        }
    }
}
