internal import OctetText

/// A principal of the API: its ARN and its policies.
public struct Principal: Sendable {
    public let arn: ARN
    public let policies: [Policy]
    /// The permissions boundary, which limits what the policies can grant; nil for none.
    public let boundary: [Policy]?
    /// `aws:PrincipalTag/…`
    public let tags: [String: String]
    /// The condition keys and values of the principal.
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
        // Data on a Unix socket does not leave the machine.
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
