public import Authorization

/// An assertion about the policies.
public struct Assertion: Sendable {
    /// The principals of the assertion.
    public enum Subject: Sendable {
        /// Every principal whose ARN matches none of the patterns.
        case allExcept([TextPattern])
        case principals([TextPattern])
    }

    /// The claim about these principals.
    public enum Claim: Sendable {
        /// None of their requests is allowed.
        case cannot
        /// Their allowed requests satisfy all rules.
        case only([ValueRule])
    }

    public let name: String
    public let subject: Subject
    public let actions: [Action]
    public let claim: Claim
    /// The authorities of the assertion; nil for all.
    public let authorities: [TextPattern]?
    public let templates: [TextPattern]?
    /// The assertion applies to requests with fewer approvals than this.
    public let approvalsBelow: Int

    public init(
        name: String, subject: Subject, actions: [Action], claim: Claim, authorities: [TextPattern]? = nil,
        templates: [TextPattern]? = nil, approvalsBelow: Int = Authorizer.mostApprovals + 1
    ) {
        self.name = name
        self.subject = subject
        self.actions = actions
        self.claim = claim
        self.authorities = authorities
        self.templates = templates
        self.approvalsBelow = approvalsBelow
    }

    func appliesTo(_ principal: ARN) -> Bool {
        let arn = principal.description
        return switch subject {
        case .allExcept(let patterns): !patterns.contains { $0.matches(arn) }
        case .principals(let patterns): patterns.contains { $0.matches(arn) }
        }
    }

    var rules: [ValueRule] { if case .only(let rules) = claim { rules } else { [] } }

    /// Whether an allowed request with this context violates the assertion.
    func isBroken(by context: ConditionContext) -> Bool {
        switch claim {
        case .cannot: true
        case .only(let rules): rules.contains { $0.isBroken(by: context[$0.key]) }
        }
    }
}
