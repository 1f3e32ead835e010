/// Why a request is allowed or denied.
public struct Explanation: Sendable {
    /// A statement that applies to the request and contributed to the decision.
    public struct Part: Sendable, Hashable {
        public let kind: PolicyKind
        /// Such as `issuer.json#Issue`.
        public let statement: String
        public let isDenial: Bool

        public init(kind: PolicyKind, statement: String, isDenial: Bool) {
            (self.kind, self.statement, self.isDenial) = (kind, statement, isDenial)
        }
    }

    /// A statement that does not apply to the request but would allow it.
    public struct Candidate: Sendable, Hashable {
        public let kind: PolicyKind
        public let statement: String
        /// The reasons that it does not apply; never empty.
        public let shortfalls: [Shortfall]
    }

    /// The result of ``Authorizer/judge(_:)``.
    public let judgement: Judgement
    /// The denying statement, or else the allowing ones: one for each kind of policy and each level of
    /// guardrails.
    public let parts: [Part]
    /// For an implicit denial, the closest statement; nil if there is none.
    public let nearest: Candidate?
    /// The context that conditions were evaluated in.
    public let context: ConditionContext
}

extension Authorizer {
    /// The decision is that of ``judge(_:)``. The other members come from the same policies.
    public func explain(_ request: HypotheticalRequest) -> Explanation {
        let judgement = judge(request)
        let context = request.context
        let policies = policies(for: request.requester, on: request.resource, request.facts)
        let reading = Reading(
            request: AuthorizationRequest(
                action: request.action.rawValue.lowercased(), resource: request.resource, context: context),
            principal: request.requester.principal.arn,
            owner: Self.owner(request.facts, request.requester), policies: policies)
        switch judgement.decision {
        case .explicitlyDenied(let kind, let statement):
            let denial = Explanation.Part(kind: kind, statement: statement, isDenial: true)
            return Explanation(judgement: judgement, parts: [denial], nearest: nil, context: context)
        case .allowed(let statement):
            return Explanation(
                judgement: judgement, parts: reading.allowances(deciding: statement), nearest: nil,
                context: context)
        case .implicitlyDenied(let kind):
            return Explanation(
                judgement: judgement, parts: reading.allowances(deciding: nil),
                nearest: reading.nearest(kind), context: context)
        }
    }
}

/// Finds the statements that contributed to a decision.
private struct Reading {
    let request: AuthorizationRequest
    let principal: ARN
    let owner: String
    let policies: PolicySet

    /// - Parameter statement: the name of the allowing statement; nil for a denial
    func allowances(deciding statement: String?) -> [Explanation.Part] {
        var parts: [Explanation.Part] = []
        func add(_ kind: PolicyKind, _ statement: String?) {
            guard let statement else { return }
            let part = Explanation.Part(kind: kind, statement: statement, isDenial: false)
            if !parts.contains(part) { parts.append(part) }
        }
        let identity = Verdict(policies.identity, request).allowance
        let granting = policies.resource.lazy.compactMap { policy in
            policy.first(.allow, for: request) { ($0.principals?.match(principal) ?? .none) > .none }
        }.first?.name
        // The deciding one first.
        if let statement { add(statement == identity ? .identity : .resource, statement) }
        add(.identity, identity)
        add(.resource, granting)
        if let boundary = policies.boundary { add(.boundary, Verdict(boundary, request).allowance) }
        for level in policies.guardrails ?? [] { add(.guardrail, Verdict(level, request).allowance) }
        return parts
    }

    /// The closest statement of the kind that lacks an allow. Within the authority's own account, a statement
    /// of the authority's policy counts too.
    func nearest(_ kind: PolicyKind) -> Explanation.Candidate? {
        var candidates: [Explanation.Candidate] = []
        func add(_ policies: [Policy], _ kind: PolicyKind) {
            for statement in policies.flatMap(\.statements) where statement.effect == .allow {
                let shortfalls = statement.shortfalls(for: request, by: principal)
                if shortfalls.isEmpty { continue }
                candidates.append(
                    Explanation.Candidate(kind: kind, statement: statement.name, shortfalls: shortfalls))
            }
        }
        switch kind {
        case .identity:
            add(policies.identity, .identity)
            if principal.account == owner { add(policies.resource, .resource) }
        case .resource: add(policies.resource, .resource)
        case .boundary: add(policies.boundary ?? [], .boundary)
        case .guardrail:
            let lacking = (policies.guardrails ?? []).first { Verdict($0, request).allowance == nil }
            add(lacking ?? [], .guardrail)
        }
        func distance(_ candidate: Explanation.Candidate) -> Int {
            candidate.shortfalls.reduce(0) { $0 + $1.weight }
        }
        return candidates.min { distance($0) < distance($1) }
    }
}
