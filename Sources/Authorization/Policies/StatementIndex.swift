/// An index of a policy's statements, so that a decision examines few of them: by action, and for statements
/// with literal resources also by resource.
struct StatementIndex: Sendable {
    /// Indices into the list of statements.
    private struct Candidates: Sendable {
        var byResource: [String: [Int]] = [:]
        /// Statements with wildcards, variables or NotResource.
        var anyResource: [Int] = []
    }

    private let byAction: [String: Candidates]

    init(_ statements: [Statement]) {
        let nothing = ConditionContext()
        var byAction: [String: Candidates] = [:]
        for action in Action.allCases.map({ $0.rawValue.lowercased() }) {
            var candidates = Candidates()
            // Actions have no variables, so no request is needed.
            for (place, statement) in statements.enumerated()
            where statement.actions.holds(action, in: nothing) {
                let fixed = statement.resources.patterns.map(\.fixed)
                if statement.resources.isNegated || fixed.contains(nil) {
                    candidates.anyResource.append(place)
                } else {
                    for resource in Set(fixed.compactMap { $0 }) {
                        candidates.byResource[resource, default: []].append(place)
                    }
                }
            }
            byAction[action] = candidates
        }
        self.byAction = byAction
    }

    /// Indices of the statements that can apply to requests for an action (in lower case) on a resource, in
    /// order.
    func candidates(for action: String, on resource: String) -> [Int] {
        guard let candidates = byAction[action] else { return [] }
        let named = candidates.byResource[resource] ?? []
        if named.isEmpty { return candidates.anyResource }
        return candidates.anyResource.isEmpty ? named : (named + candidates.anyResource).sorted()
    }
}
