/// An IAM policy document that was read completely: nothing in it is unknown.
public struct Policy: Sendable {
    /// Where it came from, for explanations: a file's name.
    public let name: String
    let statements: [Statement]
}

/// One statement of a policy.
struct Statement: Sendable {
    enum Effect: String, Sendable {
        case allow = "Allow"
        case deny = "Deny"
    }

    /// The policy's name and the statement's `Sid` or place, such as `admin.json#IssueOnly`.
    let name: String
    let effect: Effect
    let actions: [Glob]
    let resources: [Glob]
    let conditions: [Condition]

    /// Whether the statement speaks of this request. All of its conditions must hold.
    func applies(to request: AuthorizationRequest) -> Bool {
        actions.contains { $0.matches(request.action.lowercased()) }
            && resources.contains { $0.matches(request.resource) }
            && conditions.allSatisfy { $0.holds(in: request.context) }
    }
}
