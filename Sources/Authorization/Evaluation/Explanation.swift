/// Why a request is allowed or denied.
public struct Explanation: Sendable {
    /// A statement that speaks of the request and had a part in the decision.
    public struct Part: Sendable, Hashable {
        public let kind: PolicyKind
        /// Such as `issuer.json#Issue`.
        public let statement: String
        public let isDenial: Bool

        public init(kind: PolicyKind, statement: String, isDenial: Bool) {
            (self.kind, self.statement, self.isDenial) = (kind, statement, isDenial)
        }
    }

    /// A statement that would have allowed it, had it spoken of the request.
    public struct Candidate: Sendable, Hashable {
        public let kind: PolicyKind
        public let statement: String
        /// What keeps it from speaking of the request; never empty.
        public let shortfalls: [Shortfall]
    }

    /// What ``Authorizer/judge(_:)`` says.
    public let judgement: Judgement
    /// The denial, or else every allowance that stands, one for each kind of policy and each level of guardrails.
    public let parts: [Part]
    /// Of a denial that no statement speaks: the statement that lacks the least; nil when there is none to speak of.
    public let nearest: Candidate?
    /// What conditions were asked of.
    public let context: ConditionContext
}

extension Authorizer {
    /// The decision is ``judge(_:)``'s; the rest is read off the same policies.
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

/// Reads off the policies what had a part in a decision.
private struct Reading {
    let request: AuthorizationRequest
    let principal: ARN
    let owner: String
    let policies: PolicySet

    /// - Parameter statement: the one that allowed the request; nil when none did
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

    /// Of the kind that lacks an allowance; a statement of the authority's own policy will do in its own account too.
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
