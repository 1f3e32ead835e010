internal import OctetText

/// The parts of policies that can affect the decision about an action.
public struct RelevantTerms: Sendable {
    /// The conditions of statements that match the action and the resource.
    public let conditions: [ConditionTerm]
    /// The resource patterns of statements that match the action.
    public let resources: [TextPattern]
    /// The names of statements whose resources have a policy variable with a value from the request.
    public let openResources: [String]
}

extension Authorizer {
    /// The terms of every statement that matches the request's action.
    public func terms(for request: HypotheticalRequest) -> RelevantTerms {
        let policies = policies(for: request.requester, on: request.resource, request.facts)
        let all =
            policies.identity + (policies.boundary ?? []) + policies.resource
            + (policies.guardrails ?? []).flatMap { $0 }
        let known = request.context
        var conditions: [ConditionTerm] = []
        var resources: [TextPattern] = []
        var open: [String] = []
        for statement in all.flatMap(\.statements)
        where statement.actions.holds(request.action.rawValue.lowercased(), in: known) {
            var isOpen = false
            for pattern in statement.resources.patterns {
                switch pattern.settled(by: known) {
                case .parts(let parts): resources.append(TextPattern(parts, isARN: false))
                case .open: isOpen = true
                case .nothing: break
                }
            }
            if isOpen {
                open.append(statement.name)
            } else if !statement.resources.holds(request.resource, in: known) {
                continue
            }
            conditions += statement.conditions.map { ConditionTerm($0, of: statement, known: known) }
        }
        return RelevantTerms(conditions: conditions, resources: resources, openResources: open)
    }
}

extension PolicyText {
    /// The value of a text without a request.
    enum Settled {
        case parts([Part])
        /// A variable has no value, so the text matches nothing.
        case nothing
        /// A variable's value comes with the request.
        case open
    }

    func settled(by known: ConditionContext, isLowercased: Bool = false) -> Settled {
        var settled: [Part] = []
        for part in parts {
            guard case .variable(let key, let fallback) = part else {
                settled.append(part)
                continue
            }
            guard ConditionKey.isSettled(key) else { return .open }
            guard let value = known.values(lowercased: key)?.first ?? fallback else { return .nothing }
            settled.append(.literal(isLowercased ? value.lowercased() : value))
        }
        return .parts(settled)
    }
}

extension Rulebook {
    /// The ARNs of certificate authorities that principals' policies and shares name without wildcards.
    public var namedAuthorities: [String] {
        let own = principals.entries.flatMap { $0.principal.policies + ($0.principal.boundary ?? []) }
        var seen: Set<String> = []
        let named =
            own.flatMap(\.statements).flatMap { $0.resources.patterns.compactMap(\.fixed) }
            + shares.keys.map(\.description).sorted()
        return named.filter { $0.containsOctets(":certificate-authority/") && seen.insert($0).inserted }
    }
}
