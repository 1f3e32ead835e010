public import PKIX

/// What comes out of a request: the decision, and what approvals could change about it.
public struct Judgement: Sendable, Hashable {
    public let decision: Decision
    /// The fewest approvals with which the request would be allowed; nil when it is, or when they would not help.
    public let approvalsNeeded: Int?

    public var isAllowed: Bool { if case .allowed = decision { true } else { false } }
}

/// A request that is only supposed, for looking ahead. It never becomes an ``Authorized``.
public struct HypotheticalRequest: Sendable {
    public var action: Action
    /// The ARN of a certificate authority, or `*`.
    public var resource: String
    public var requester: Requester
    public var facts: ResourceFacts
    /// What it says about itself. Keys that the principal or the peer has already are theirs.
    public var says: ConditionContext
    public var time: CivilTime

    public init(
        _ action: Action, on resource: String, by requester: Requester, about facts: ResourceFacts,
        saying says: ConditionContext = ConditionContext(), at time: CivilTime
    ) {
        self.action = action
        self.resource = resource
        self.requester = requester
        self.facts = facts
        self.says = says
        self.time = time
    }

    /// What conditions are asked of.
    public var context: ConditionContext {
        Authorizer.context(of: requester, saying: says, about: facts, at: time)
    }
}

extension Authorizer {
    /// Judges a supposed request, by the code that judges real ones.
    public func judge(_ request: HypotheticalRequest) -> Judgement {
        judge(
            request.action, on: request.resource, by: request.requester, about: request.facts,
            in: request.context)
    }
}
