/// The statements of a policy by what they can be about, so that a decision looks at few of them: for each action those
/// that name it, and of these the ones whose resources are fixed texts by resource.
struct StatementIndex: Sendable {
    /// Places in the list of statements.
    private struct Candidates: Sendable {
        var byResource: [String: [Int]] = [:]
        /// With wildcards, variables or NotResource.
        var anyResource: [Int] = []
    }

    private let byAction: [String: Candidates]

    init(_ statements: [Statement]) {
        let nothing = ConditionContext()
        var byAction: [String: Candidates] = [:]
        for action in Action.allCases.map({ $0.rawValue.lowercased() }) {
            var candidates = Candidates()
            // Actions have no variables, so no request is needed to tell.
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

    /// Places of the statements that can speak of the request, in their order.
    func candidates(for request: AuthorizationRequest) -> [Int] {
        guard let candidates = byAction[request.action] else { return [] }
        let named = candidates.byResource[request.resource] ?? []
        if named.isEmpty { return candidates.anyResource }
        return candidates.anyResource.isEmpty ? named : (named + candidates.anyResource).sorted()
    }
}
