public import PKIX

/// What is asked of the policy engine: an action, on a resource, with what the request says about itself.
struct AuthorizationRequest: Sendable {
    /// In lower case.
    let action: String
    let resource: String
    let context: ConditionContext
}

/// A request that can be judged.
public protocol Authorizable: Sendable {
    static var action: Action { get }
    /// The ARN of the certificate authority it is about; `*` when it is about none.
    var resource: String { get }
    /// Condition keys and values it brings, beyond those of the principal.
    var conditionContext: ConditionContext { get }
}

extension Authorizable {
    public var conditionContext: ConditionContext { ConditionContext() }
}

/// A request that a policy allows. Only ``Authorizer`` makes one, and it serves once.
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

/// Why a request is refused, in IAM's words.
public struct AccessDenied: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        /// Nobody mapped the peer to a principal.
        case unmappedPeer
        /// No statement of this kind of policy allows it.
        case implicit(PolicyKind)
        /// This statement denies it.
        case explicit(PolicyKind, statement: String)
    }

    /// The refusal of a peer nobody mapped, whatever it is about to ask.
    public static func unmapped(_ peer: Peer, action: Action) -> AccessDenied {
        AccessDenied(user: peer.description, action: action, resource: "*", reason: .unmappedPeer)
    }

    /// The principal's ARN, or the peer's facts when it has none.
    public let user: String
    public let action: Action
    public let resource: String
    public let reason: Reason

    public var description: String {
        let refusal =
            "User: \(user) is not authorized to perform: \(action.rawValue) on resource: \(resource)"
        switch reason {
        case .unmappedPeer: return refusal + " because this peer is not mapped to a principal"
        case .implicit(let kind):
            return refusal + " because no \(kind.rawValue) allows the \(action.rawValue) action"
        case .explicit(let kind, _):
            return refusal + " with an explicit deny in \(kind == .identity ? "an" : "a") \(kind.rawValue)"
        }
    }
}

/// Decides. Denies whatever is not allowed by a statement that was understood.
public struct Authorizer: Sendable {
    private let principals: PrincipalMap
    private let now: @Sendable () -> CivilTime

    public init(principals: PrincipalMap, now: @escaping @Sendable () -> CivilTime = CivilTime.now) {
        self.principals = principals
        self.now = now
    }

    /// The principal of a peer; a peer nobody mapped is refused.
    public func principal(for peer: Peer) -> Principal? {
        principals.principal(for: peer)
    }

    /// Judges `request` from `peer`, in IAM's order.
    public func authorize<Request: Authorizable>(
        _ request: Request, from peer: Peer
    ) throws(AccessDenied) -> Authorized<Request> {
        guard let principal = principal(for: peer) else {
            throw AccessDenied(
                user: peer.description, action: Request.action, resource: request.resource,
                reason: .unmappedPeer)
        }
        // What the request says of itself cannot speak for the principal.
        var context = principal.context
        context.fill(from: request.conditionContext)
        context.time = now()
        let owner = ARN(request.resource)?.account ?? principal.arn.account
        context.set("aws:ResourceAccount", owner)
        let decision = Evaluation.decide(
            AuthorizationRequest(
                action: Request.action.rawValue.lowercased(), resource: request.resource, context: context),
            by: principal.arn, owner: owner,
            PolicySet(identity: principal.policies, boundary: principal.boundary))
        let reason: AccessDenied.Reason
        switch decision {
        case .allowed(let statement):
            return Authorized(request: request, principal: principal, statement: statement)
        case .explicitlyDenied(let kind, let statement): reason = .explicit(kind, statement: statement)
        case .implicitlyDenied(let kind): reason = .implicit(kind)
        }
        throw AccessDenied(
            user: principal.arn.description, action: Request.action, resource: request.resource,
            reason: reason)
    }
}
