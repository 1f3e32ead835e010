extension Principal {
    /// Whether the principal's policies and boundary can allow an action on any resource under any
    /// conditions. True when in doubt. It ignores guardrails, shares and policies of authorities.
    public func canBeAllowed(_ action: Action) -> Bool {
        func reaches(_ policies: [Policy]) -> Bool {
            policies.contains { $0.canAllow(action) } && !policies.contains { $0.alwaysDenies(action) }
        }
        return reaches(policies) && boundary.map(reaches) ?? true
    }
}

extension Policy {
    fileprivate func canAllow(_ action: Action) -> Bool {
        statements.contains { $0.effect == .allow && $0.selects(action) }
    }

    fileprivate func alwaysDenies(_ action: Action) -> Bool {
        statements.contains {
            $0.effect == .deny && $0.conditions.isEmpty && $0.selects(action)
                && $0.resources.holds("*", in: ConditionContext()) && !$0.resources.isNegated
        }
    }
}

extension Statement {
    fileprivate func selects(_ action: Action) -> Bool {
        actions.holds(action.rawValue.lowercased(), in: ConditionContext())
    }
}
