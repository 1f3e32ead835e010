public import PKIX

/// The input of the policy evaluation: an action, a resource, and the request's condition context.
struct AuthorizationRequest: Sendable {
    /// In lower case.
    let action: String
    let resource: String
    let context: ConditionContext
    /// For an ``Outlook``: conditions on what is not known yet hold in the statements with this effect, and
    /// in no others. Nil for a request that is known completely.
    var favored: Statement.Effect?
}

/// A request that can be authorized.
public protocol Authorizable: Sendable {
    static var action: Action { get }
    /// The ARN of the request's certificate authority, or `*`.
    var resource: String { get }
    /// Whether the resource of a request without an authority belongs to the caller rather than to the
    /// daemon's account.
    static var belongsToRequester: Bool { get }
    /// The condition keys and values of the request, in addition to those of the principal.
    /// - Parameter now: the time of the request
    func conditionContext(at now: CivilTime) -> ConditionContext
}

extension Authorizable {
    public static var belongsToRequester: Bool { false }
    public func conditionContext(at now: CivilTime) -> ConditionContext { ConditionContext() }
}

/// The stored facts about the resource of a request.
public struct ResourceFacts: Sendable {
    /// The owning account; nil for the caller's account.
    public var owner: String?
    /// The resource's own policy (PutPolicy).
    public var policy: Policy?
    /// `aws:ResourceTag/…`
    public var tags: [String: String]

    public init(owner: String? = nil, policy: Policy? = nil, tags: [String: String] = [:]) {
        self.owner = owner
        self.policy = policy
        self.tags = tags
    }
}

/// The caller, and the officers that approved the request.
public struct Requester: Sendable {
    public let principal: Principal
    public let caller: Caller
    /// The number of officers that approved this request.
    public let approvals: Int

    public init(_ principal: Principal, _ caller: Caller, approvals: Int = 0) {
        self.principal = principal
        self.caller = caller
        self.approvals = approvals
    }
}

/// A request that policies allow. Only ``Authorizer`` makes one, and its first use consumes it.
public struct Authorized<Request: Authorizable>: ~Copyable, Sendable {
    public let request: Request
    public let principal: Principal
    /// The statement that allowed it, such as `admin.json#0`.
    public let statement: String

    fileprivate init(request: Request, principal: Principal, statement: String) {
        self.request = request
        self.principal = principal
        self.statement = statement
    }
}

/// Decides requests by policies. Denies a request unless a statement allows it.
public struct Authorizer: Sendable {
    /// The maximum number of approvals that a policy can require.
    public static let mostApprovals = 9

    public let rulebook: Rulebook
    private let now: @Sendable () -> CivilTime

    public init(_ rulebook: Rulebook, now: @escaping @Sendable () -> CivilTime = CivilTime.now) {
        self.rulebook = rulebook
        self.now = now
    }

    /// The principal of a caller. A caller with none, or with two, is refused.
    /// - Parameter action: the requested action; nil when there is no such operation
    public func requester(_ caller: Caller, for action: Action?) throws(AccessDenied) -> Requester {
        switch rulebook.principals.identify(caller) {
        case .principal(let principal): return Requester(principal, caller)
        case .unmapped: throw AccessDenied(caller, action: action, reason: .unmappedCaller)
        case .ambiguous(let bindings):
            throw AccessDenied(caller, action: action, reason: .ambiguousCaller(bindings))
        }
    }

    /// The context that conditions are evaluated in.
    public func context(
        of requester: Requester, _ request: some Authorizable, about facts: ResourceFacts
    ) -> ConditionContext {
        let now = now()
        return Self.context(of: requester, saying: request.conditionContext(at: now), about: facts, at: now)
    }

    static func context(
        of requester: Requester, saying own: ConditionContext, about facts: ResourceFacts, at now: CivilTime
    ) -> ConditionContext {
        // The request's keys cannot override those of the principal.
        var context = requester.principal.context
        context.time = now
        context.set("aws:ResourceAccount", owner(facts, requester))
        context.set("signet:ApprovalCount", "\(requester.approvals)")
        switch requester.caller {
        case .process(let peer):
            context.set("signet:PeerUid", "\(peer.uid)")
            if let unit = peer.unit { context.set("signet:PeerUnit", unit) }
            if let executable = peer.executable { context.set("signet:PeerExecutable", executable) }
        }
        for (key, value) in facts.tags { context.set("aws:ResourceTag/\(key)", value) }
        context.fill(from: own)
        return context
    }

    /// Authorizes a request of a caller.
    public func authorize<Request: Authorizable>(
        _ request: Request, from caller: Caller, about facts: ResourceFacts = ResourceFacts()
    ) throws(AccessDenied) -> Authorized<Request> {
        let requester = try requester(caller, for: Request.action)
        return try authorize(
            request, by: requester, about: facts, in: context(of: requester, request, about: facts))
    }

    /// Authorizes `request` in IAM's order.
    public func authorize<Request: Authorizable>(
        _ request: Request, by requester: Requester, about facts: ResourceFacts,
        in context: ConditionContext
    ) throws(AccessDenied) -> Authorized<Request> {
        let judgement = judge(Request.action, on: request.resource, by: requester, about: facts, in: context)
        let reason: AccessDenied.Reason
        switch judgement.decision {
        case .allowed(let statement):
            return Authorized(request: request, principal: requester.principal, statement: statement)
        case .explicitlyDenied(let kind, let statement): reason = .explicit(kind, statement: statement)
        case .implicitlyDenied(let kind): reason = .implicit(kind)
        }
        throw AccessDenied(
            user: requester.principal.arn.description, action: Request.action, resource: request.resource,
            reason: judgement.approvalsNeeded.map { .approvalsMissing(needed: $0) } ?? reason)
    }

    /// The decision, for real and for hypothetical requests.
    func judge(
        _ action: Action, on resource: String, by requester: Requester, about facts: ResourceFacts,
        in context: ConditionContext
    ) -> Judgement {
        let policies = policies(for: requester, on: resource, facts)
        func decide(_ context: ConditionContext) -> Decision {
            Evaluation.decide(
                AuthorizationRequest(
                    action: action.rawValue.lowercased(), resource: resource, context: context),
                by: requester.principal.arn, owner: Self.owner(facts, requester), policies)
        }
        let decision = decide(context)
        if case .allowed = decision { return Judgement(decision: decision, approvalsNeeded: nil) }
        return Judgement(
            decision: decision,
            approvalsNeeded: policies.askForApprovals
                ? approvalsNeeded(requester.approvals, context, decide) : nil)
    }

    /// The smallest number of approvals that would allow the request; nil when approvals would not help.
    private func approvalsNeeded(
        _ given: Int, _ context: ConditionContext, _ decide: (ConditionContext) -> Decision
    ) -> Int? {
        var context = context
        return (1...Self.mostApprovals).dropFirst(given).first { count in
            context.set("signet:ApprovalCount", "\(count)")
            return if case .allowed = decide(context) { true } else { false }
        }
    }

    func policies(for requester: Requester, on resource: String, _ facts: ResourceFacts) -> PolicySet {
        let principal = requester.principal
        var own = facts.policy.map { [$0] } ?? []
        if !rulebook.shares.isEmpty, let arn = ARN(resource) { own += rulebook.shares[arn] ?? [] }
        return PolicySet(
            identity: principal.policies, boundary: principal.boundary, resource: own,
            guardrails: rulebook.organization.guardrails(of: principal.arn.account))
    }

    static func owner(_ facts: ResourceFacts, _ requester: Requester) -> String {
        facts.owner ?? requester.principal.arn.account
    }
}
