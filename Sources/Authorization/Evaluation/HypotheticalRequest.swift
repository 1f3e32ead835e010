public import PKIX

/// The decision on a request, and the approvals that would change it.
public struct Judgement: Sendable, Hashable {
    public let decision: Decision
    /// The smallest number of approvals that would allow the request; nil when it is allowed, or when
    /// approvals would not help.
    public let approvalsNeeded: Int?

    public var isAllowed: Bool { if case .allowed = decision { true } else { false } }
}

/// A request that is only evaluated. It never becomes an ``Authorized``.
public struct HypotheticalRequest: Sendable {
    public var action: Action
    /// The ARN of a certificate authority, or `*`.
    public var resource: String
    public var requester: Requester
    public var facts: ResourceFacts
    /// The condition keys of the request. Keys of the principal and the peer take precedence.
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

    /// The context that conditions are evaluated in.
    public var context: ConditionContext {
        Authorizer.context(of: requester, saying: says, about: facts, at: time)
    }
}

extension Authorizer {
    /// Decides a hypothetical request with the code for real ones.
    public func judge(_ request: HypotheticalRequest) -> Judgement {
        judge(
            request.action, on: request.resource, by: request.requester, about: request.facts,
            in: request.context)
    }
}
