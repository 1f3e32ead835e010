internal import OctetText

/// A caller of the API: an ARN, and the policies that say what it may do.
public struct Principal: Sendable {
    public let arn: ARN
    public let policies: [Policy]
    /// What the policies can grant at most; nil for no permissions boundary.
    public let boundary: [Policy]?
    /// `aws:PrincipalTag/…`
    public let tags: [String: String]
    /// What conditions can ask about it.
    private(set) var context: ConditionContext

    public init(
        arn: ARN, policies: [Policy], boundary: [Policy]? = nil, tags: [String: String] = [:]
    ) {
        self.arn = arn
        self.policies = policies
        self.boundary = boundary
        self.tags = tags
        var context = ConditionContext()
        for (key, value) in tags { context.set("aws:PrincipalTag/\(key)", value) }
        context.set("aws:PrincipalArn", arn.description)
        context.set("aws:PrincipalAccount", arn.account)
        context.set("aws:PrincipalType", arn.resource.hasOctetPrefix("user/") ? "User" : "AssumedRole")
        // Nothing leaves the machine on a Unix socket.
        context.set("aws:SecureTransport", "true")
        self.context = context
    }

    /// The same in an organization: `aws:PrincipalOrgID`.
    func member(of organization: String) -> Principal {
        var member = self
        member.context.set("aws:PrincipalOrgID", organization)
        return member
    }
}
