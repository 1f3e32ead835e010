/// A completely parsed policy document without unknown parts.
public struct Policy: Sendable {
    /// The file's name, for explanations.
    public let name: String
    let statements: [Statement]
    private let index: StatementIndex
    /// Whether a statement has a condition on `signet:ApprovalCount`.
    let asksForApprovals: Bool

    init(name: String, statements: [Statement]) {
        self.name = name
        self.statements = statements
        index = StatementIndex(statements)
        asksForApprovals = statements.contains { $0.conditions.contains { $0.key == "signet:approvalcount" } }
    }

    /// The verdict: a denying statement, or else the first allowing one.
    func verdict(for request: AuthorizationRequest) -> Verdict {
        var allowing: String?
        for place in index.candidates(for: request.action, on: request.resource) {
            let statement = statements[place]
            guard statement.effect == .deny || allowing == nil, statement.applies(to: request) else {
                continue
            }
            if statement.effect == .deny { return .denied(statement.name) }
            allowing = statement.name
        }
        return allowing.map { .allowed($0) } ?? .silent
    }

    /// The statements that can apply to requests for an action (in lower case) on a resource.
    func statements(for action: String, on resource: String) -> [Statement] {
        index.candidates(for: action, on: resource).map { statements[$0] }
    }

    /// The first statement with this effect that applies to the request and passes `isRelevant`.
    func first(
        _ effect: Statement.Effect, for request: AuthorizationRequest,
        where isRelevant: (Statement) -> Bool = { _ in true }
    ) -> Statement? {
        for place in index.candidates(for: request.action, on: request.resource) {
            let statement = statements[place]
            if statement.effect == effect, isRelevant(statement), statement.applies(to: request) {
                return statement
            }
        }
        return nil
    }
}

/// The verdict of policies on a request, with the deciding statement.
enum Verdict: Sendable, Hashable {
    case denied(String)
    case allowed(String)
    case silent

    /// The verdict of several policies: any denial, or else the first allow.
    init(_ policies: [Policy], _ request: AuthorizationRequest) {
        var verdict = Verdict.silent
        for policy in policies {
            switch policy.verdict(for: request) {
            case .denied(let statement):
                self = .denied(statement)
                return
            case .allowed(let statement): if verdict == .silent { verdict = .allowed(statement) }
            case .silent: break
            }
        }
        self = verdict
    }

    var denial: String? { if case .denied(let statement) = self { statement } else { nil } }
    var allowance: String? { if case .allowed(let statement) = self { statement } else { nil } }
}

/// One statement of a policy.
struct Statement: Sendable {
    enum Effect: String, Sendable {
        case allow = "Allow"
        case deny = "Deny"
    }

    /// A list of patterns, or everything except the listed patterns (`NotAction`, `NotResource`).
    struct Selection: Sendable {
        let patterns: [PolicyText]
        let isNegated: Bool

        /// A pattern whose variable has no value matches nothing (IAM User Guide, "Policy variables with no
        /// value").
        func holds(_ text: String, in context: ConditionContext) -> Bool {
            patterns.contains { $0.matches(text, in: context) ?? false } != isNegated
        }
    }

    /// The policy's name and the statement's `Sid` or place, such as `admin.json#IssueOnly`.
    let name: String
    let effect: Effect
    /// Nil in policies of principals.
    let principals: PrincipalSelection?
    /// In lower case: IAM compares actions without regard to case.
    let actions: Selection
    let resources: Selection
    let conditions: [Condition]

    /// Whether the statement applies to this request. All of its conditions must hold.
    func applies(to request: AuthorizationRequest) -> Bool {
        if let favored = request.favored {
            return applies(to: request, openConditionsHold: effect == favored)
        }
        return actions.holds(request.action, in: request.context)
            && resources.holds(request.resource, in: request.context)
            && conditions.allSatisfy { $0.holds(in: request.context) }
    }
}

/// The principals of a statement in a resource policy (`Principal`, `NotPrincipal`).
struct PrincipalSelection: Sendable {
    enum Entry: Sendable, Hashable {
        /// `*`
        case everybody
        /// An account's number or the ARN of its root: principals that the account's own policies allow.
        case account(String)
        case principal(ARN)
        /// Such as `acm.amazonaws.com`.
        case service(String)
    }

    let entries: [Entry]
    let isNegated: Bool

    /// How directly a statement names a principal.
    enum Match: Sendable, Hashable, Comparable {
        case none
        /// By the account; the account's own policies must allow the request too.
        case account
        /// By name, or as `*`.
        case direct
    }

    func match(_ principal: ARN) -> Match {
        guard isNegated else { return entries.map { Self.match($0, principal) }.max() ?? .none }
        return spares(principal) ? .none : .direct
    }

    /// Whether NotPrincipal exempts a principal: it exempts the named ones. An account listed together with
    /// some of its principals exempts only these (IAM requires the account there; IAM User Guide, "AWS JSON
    /// policy elements: NotPrincipal"). An account listed alone exempts all of its principals.
    private func spares(_ principal: ARN) -> Bool {
        entries.contains { entry in
            switch entry {
            case .everybody: true
            case .principal(let arn): arn == principal
            case .account(let account):
                account == principal.account
                    && !entries.contains {
                        if case .principal(let arn) = $0 { arn.account == account } else { false }
                    }
            case .service: false
            }
        }
    }

    private static func match(_ entry: Entry, _ principal: ARN) -> Match {
        switch entry {
        case .everybody: .direct
        case .account(let account): account == principal.account ? .account : .none
        case .principal(let arn): arn == principal ? .direct : .none
        case .service: .none
        }
    }
}
