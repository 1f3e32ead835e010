/// Finds statements that can never apply. Such a `Deny` would forbid nothing, contrary to its author's
/// intention.
extension PolicyReader {
    func checkReach(
        _ actions: Statement.Selection, _ resources: Statement.Selection, at path: String
    ) throws(PolicyFault) {
        let selected = Action.allCases.filter(actions.selects)
        let actionPath = "\(path).\(actions.isNegated ? "NotAction" : "Action")"
        guard !selected.isEmpty else {
            throw PolicyFault(
                path: actionPath,
                reason: "excludes every action there is; name the actions that are meant in `Action`")
        }
        // A resource policy applies only to requests for its own authority.
        let scopes = Set(selected.map(\.scope))
        guard form != .resource || scopes != [.daemon] else {
            throw PolicyFault(
                path: actionPath,
                reason:
                    "no request about a certificate authority has this action; it belongs in an identity policy or a guardrail"
            )
        }
        guard resources.isNegated, !isReached(by: scopes, excluding: resources.patterns) else { return }
        throw PolicyFault(
            path: "\(path).NotResource",
            reason:
                "excludes every resource that the actions can be about; name the resources that are meant in `Resource`"
        )
    }

    private func isReached(by scopes: Set<Action.Scope>, excluding patterns: [PolicyText]) -> Bool {
        if patterns.contains(where: { $0.parts == [.anything] }) { return false }
        if form != .resource, scopes != [.authority] { return true }
        guard let resources = self.resources else { return true }
        return !patterns.contains(where: resources.isCovered)
    }
}

extension PrincipalSelection {
    /// Whether it names an AWS service.
    var namesService: Bool {
        !isNegated && entries.contains { if case .service = $0 { true } else { false } }
    }
}

extension Statement.Selection {
    /// Whether the selection matches an action. Action patterns have no variables.
    func selects(_ action: Action) -> Bool { holds(action.rawValue.lowercased(), in: ConditionContext()) }
}
