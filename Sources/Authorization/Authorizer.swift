/// What is asked of the policy engine: an action, on a resource, with what the request says about itself.
struct AuthorizationRequest: Sendable {
    let action: String
    let resource: String
    /// Condition keys in lower case.
    let context: [String: String]
}

/// A request that can be judged.
public protocol Authorizable: Sendable {
    static var action: Action { get }
    /// The ARN of the certificate authority it is about; `*` when it is about none.
    var resource: String { get }
    /// Condition keys and values it brings, beyond those of the principal.
    var conditionContext: [String: String] { get }
}

extension Authorizable {
    public var conditionContext: [String: String] { [:] }
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
        /// No statement allows it.
        case implicit
        /// This statement denies it.
        case explicit(statement: String)
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
        case .implicit:
            return refusal + " because no identity-based policy allows the \(action.rawValue) action"
        case .explicit: return refusal + " with an explicit deny in an identity-based policy"
        }
    }
}

/// Decides. Denies whatever is not allowed by a statement that was understood.
public struct Authorizer: Sendable {
    private let principals: PrincipalMap

    public init(principals: PrincipalMap) {
        self.principals = principals
    }

    /// The principal of a peer; a peer nobody mapped is refused.
    public func principal(for peer: Peer) -> Principal? {
        principals.principal(for: peer)
    }

    /// Judges `request` from `peer`: an explicit deny wins, then any allow, and without one it is denied.
    public func authorize<Request: Authorizable>(
        _ request: Request, from peer: Peer
    ) throws(AccessDenied) -> Authorized<Request> {
        guard let principal = principal(for: peer) else {
            throw AccessDenied(
                user: peer.description, action: Request.action, resource: request.resource,
                reason: .unmappedPeer)
        }
        var context: [String: String] = [:]
        for (key, value) in request.conditionContext { context[key.lowercased()] = value }
        context["aws:principalarn"] = principal.arn.description
        context["aws:principalaccount"] = principal.arn.account
        let question = AuthorizationRequest(
            action: Request.action.rawValue, resource: request.resource, context: context)
        var allowing: Statement?
        for policy in principal.policies {
            for statement in policy.statements where statement.applies(to: question) {
                if statement.effect == .deny {
                    throw AccessDenied(
                        user: principal.arn.description, action: Request.action, resource: request.resource,
                        reason: .explicit(statement: statement.name))
                }
                allowing = allowing ?? statement
            }
        }
        guard let allowing else {
            throw AccessDenied(
                user: principal.arn.description, action: Request.action, resource: request.resource,
                reason: .implicit)
        }
        return Authorized(request: request, principal: principal, statement: allowing.name)
    }
}
