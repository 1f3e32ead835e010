internal import OctetText
internal import PKIX

/// What the policies say about the requests of one principal for one action on one resource, before the
/// contents of a request are known.
public enum Outlook: Sendable, Hashable {
    /// Every request is allowed.
    case allowed
    /// Some requests can be allowed. These condition keys of the request decide, in order.
    case conditional(keys: [String])
    /// No request is allowed.
    case denied
}

extension Authorizer {
    /// The keys of the request are open, except for those that `request` says. The approvals of a request are
    /// open too. Never says ``Outlook/denied`` of requests that can be allowed, and never ``Outlook/allowed``
    /// of requests that can be denied.
    public func outlook(_ request: HypotheticalRequest) -> Outlook {
        let policies = policies(for: request.requester, on: request.resource, request.facts)
        let principal = request.requester.principal.arn
        let owner = Self.owner(request.facts, request.requester)
        func question(_ favored: Statement.Effect) -> AuthorizationRequest {
            AuthorizationRequest(
                action: request.action.rawValue.lowercased(), resource: request.resource,
                context: request.context, favored: favored)
        }
        func isAllowed(favoring effect: Statement.Effect) -> Bool {
            let decision = Evaluation.decide(question(effect), by: principal, owner: owner, policies)
            return if case .allowed = decision { true } else { false }
        }
        // Evaluation is monotone: another Allow that applies never denies, and another Deny never allows.
        guard isAllowed(favoring: .allow) else { return .denied }
        guard !isAllowed(favoring: .deny) else { return .allowed }
        return .conditional(keys: policies.openKeys(question(.allow), by: principal))
    }
}

extension PolicySet {
    /// The open keys in the conditions of statements that apply to some requests.
    fileprivate func openKeys(_ request: AuthorizationRequest, by principal: ARN) -> [String] {
        let all = identity + (boundary ?? []) + resource + (guardrails ?? []).flatMap { $0 }
        var keys: [String: String] = [:]
        for statement in all.flatMap({ $0.statements(for: request.action, on: request.resource) })
        where statement.principals.map({ $0.match(principal) > .none }) ?? true {
            guard statement.applies(to: request, openConditionsHold: true) else { continue }
            for condition in statement.conditions where condition.isOpen(in: request) {
                keys[condition.key] = keys[condition.key] ?? condition.written.key
            }
        }
        return keys.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension Statement {
    /// ``applies(to:)`` where each condition and resource that depends on the contents of the request counts
    /// as `openConditionsHold`.
    func applies(to request: AuthorizationRequest, openConditionsHold: Bool) -> Bool {
        let context = request.context
        let isOpenResource = resources.patterns.contains {
            if case .open = $0.settled(by: context) { true } else { false }
        }
        return actions.holds(request.action, in: context)
            && (isOpenResource ? openConditionsHold : resources.holds(request.resource, in: context))
            && conditions.allSatisfy {
                $0.isOpen(in: request) ? openConditionsHold : $0.holds(in: context)
            }
    }
}

extension Condition {
    /// Whether the contents of the request decide if it holds.
    fileprivate func isOpen(in request: AuthorizationRequest) -> Bool {
        ConditionKey.isOpen(key, in: request)
            || values.contains {
                guard case .text(let text) = $0 else { return false }
                return if case .open = text.settled(by: request.context) { true } else { false }
            }
    }
}

extension ConditionKey {
    /// Whether requests that agree in principal, caller, authority and template can differ in a key (in lower
    /// case).
    fileprivate static func isOpen(_ key: String, in request: AuthorizationRequest) -> Bool {
        if key == "signet:approvalcount" { return true }
        if isSettled(key) || isOfCallerOrAuthority(key) || request.context.values(lowercased: key) != nil {
            return false
        }
        // Other keys are absent in every request for the action.
        return definition(key)?.actions.contains { $0.rawValue.lowercased() == request.action } ?? true
    }

    private static func isOfCallerOrAuthority(_ key: String) -> Bool {
        key.hasOctetPrefix("signet:peer") || key.hasOctetPrefix("aws:resourcetag/")
            || ofServices.contains(key)
    }
}
