internal import OctetText

/// The policies that apply to one request, by IAM's kinds.
public struct PolicySet: Sendable {
    /// The organization's guardrails: one list for each unit from the root down to the account. Nil for an
    /// account outside the organization.
    public var guardrails: [[Policy]]?
    public var identity: [Policy]
    /// The limit of the identity policies' grants; nil for no boundary.
    public var boundary: [Policy]?
    /// The policies of the certificate authority.
    public var resource: [Policy]

    public init(
        identity: [Policy], boundary: [Policy]? = nil, resource: [Policy] = [],
        guardrails: [[Policy]]? = nil
    ) {
        self.identity = identity
        self.boundary = boundary
        self.resource = resource
        self.guardrails = guardrails
    }

    /// Whether any of them has a condition on `signet:ApprovalCount`.
    var askForApprovals: Bool {
        identity.contains(where: \.asksForApprovals) || boundary?.contains(where: \.asksForApprovals) ?? false
            || resource.contains(where: \.asksForApprovals)
            || guardrails?.contains { $0.contains(where: \.asksForApprovals) } ?? false
    }
}

/// Which kind of policy decided.
public enum PolicyKind: String, Sendable, Hashable {
    case guardrail = "service control policy"
    case identity = "identity-based policy"
    case boundary = "permissions boundary"
    case resource = "resource-based policy"
}

public enum Decision: Sendable, Hashable {
    /// `statement` is the name of the allowing statement.
    case allowed(statement: String)
    case explicitlyDenied(PolicyKind, statement: String)
    /// No statement of this kind allows it.
    case implicitlyDenied(PolicyKind)
}

/// IAM's order (IAM User Guide, "Policy evaluation logic"): any Deny, then the guardrails, the resource's
/// policy, the identity policies and the boundary.
enum Evaluation {
    /// - Parameter owner: the account the resource belongs to
    static func decide(
        _ request: AuthorizationRequest, by principal: ARN, owner: String, _ policies: PolicySet
    ) -> Decision {
        let guardrails = (policies.guardrails ?? []).map { Verdict($0, request) }
        let identity = Verdict(policies.identity, request)
        let boundary = policies.boundary.map { Verdict($0, request) }
        if let denial = guardrails.lazy.compactMap(\.denial).first {
            return .explicitlyDenied(.guardrail, statement: denial)
        }
        if let denial = identity.denial { return .explicitlyDenied(.identity, statement: denial) }
        if let denial = boundary?.denial { return .explicitlyDenied(.boundary, statement: denial) }
        if let denial = denial(request, principal, policies) {
            return .explicitlyDenied(.resource, statement: denial)
        }
        guard guardrails.allSatisfy({ $0.allowance != nil }) else { return .implicitlyDenied(.guardrail) }
        let granted = grant(request, principal, policies.resource)
        let isForeign = principal.account != owner
        if isForeign, granted == nil { return .implicitlyDenied(.resource) }
        let isBounded = boundary.map { $0.allowance == nil } ?? false
        if !isForeign, let granted, granted.match == .direct {
            // A boundary limits the grants of the resource's policy to a role, but not to a user.
            guard isBounded, !principal.resource.hasOctetPrefix("user/") else {
                return .allowed(statement: granted.statement)
            }
            return .implicitlyDenied(.boundary)
        }
        guard let allowing = identity.allowance else {
            return .implicitlyDenied(.identity)
        }
        return isBounded ? .implicitlyDenied(.boundary) : .allowed(statement: allowing)
    }

    /// Of the resource's own policy.
    private static func denial(
        _ request: AuthorizationRequest, _ principal: ARN, _ policies: PolicySet
    ) -> String? {
        for policy in policies.resource {
            let statement = policy.first(.deny, for: request) {
                denies(principal, $0.principals, isBounded: policies.boundary != nil)
            }
            if let statement { return statement.name }
        }
        return nil
    }

    // IAM User Guide, "AWS JSON policy elements: NotPrincipal": with Deny it always denies a principal that
    // has a permissions boundary, regardless of the named principals.
    private static func denies(
        _ principal: ARN, _ selection: PrincipalSelection?, isBounded: Bool
    ) -> Bool {
        guard let selection else { return false }
        return (selection.isNegated && isBounded) || selection.match(principal) > .none
    }

    /// The grant of the resource's policy, the most direct one first.
    private static func grant(
        _ request: AuthorizationRequest, _ principal: ARN, _ policies: [Policy]
    ) -> (statement: String, match: PrincipalSelection.Match)? {
        for match in [PrincipalSelection.Match.direct, .account] {
            for policy in policies {
                let statement = policy.first(.allow, for: request) {
                    $0.principals?.match(principal) == match
                }
                if let statement { return (statement.name, match) }
            }
        }
        return nil
    }
}
