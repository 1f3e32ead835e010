/// A part of a statement that does not match a request.
public enum Shortfall: Sendable, Hashable, CustomStringConvertible {
    /// `Action` or `NotAction`, with the statement's list.
    case action(member: String, listed: [String])
    case resource(member: String, listed: [String])
    /// `Principal` or `NotPrincipal`.
    case principal(member: String, listed: [String])
    /// `values` are the request's; nil when it does not have the key.
    case condition(comparison: String, key: String, listed: [String], values: [String]?)

    public var description: String {
        switch self {
        case .action(let member, let listed), .resource(let member, let listed),
            .principal(let member, let listed):
            "\(member) is \(Self.list(listed))"
        case .condition(let comparison, let key, let listed, let values):
            "\(comparison) \(key) \(Self.list(listed)), and the request has \(Self.list(values))"
        }
    }

    private static func list(_ values: [String]?) -> String {
        guard let values else { return "no such key" }
        return values.isEmpty ? "no value" : values.joined(separator: ", ")
    }

    /// The distance of a statement from a request: a wrong action weighs more than a wrong resource, and that
    /// more than a condition.
    var weight: Int {
        switch self {
        case .action: 1000
        case .principal: 100
        case .resource: 10
        case .condition: 1
        }
    }
}

extension Statement {
    /// All parts of the statement that do not match a request; empty exactly when ``applies(to:)`` is true.
    func shortfalls(for request: AuthorizationRequest) -> [Shortfall] {
        var shortfalls: [Shortfall] = []
        if !actions.holds(request.action, in: request.context) {
            shortfalls.append(
                .action(
                    member: actions.isNegated ? "NotAction" : "Action",
                    listed: actions.patterns.map(\.written).map(Self.actionName)))
        }
        if !resources.holds(request.resource, in: request.context) {
            shortfalls.append(
                .resource(
                    member: resources.isNegated ? "NotResource" : "Resource",
                    listed: resources.patterns.map(\.written)))
        }
        for condition in conditions where !condition.holds(in: request.context) {
            shortfalls.append(
                .condition(
                    comparison: condition.comparison.name, key: condition.written.key,
                    listed: condition.written.values,
                    values: request.context.values(lowercased: condition.key)))
        }
        return shortfalls
    }

    /// The same, including the principal if the statement names principals.
    func shortfalls(for request: AuthorizationRequest, by principal: ARN) -> [Shortfall] {
        let own = shortfalls(for: request)
        guard let principals, principals.match(principal) == .none else { return own }
        return [
            .principal(
                member: principals.isNegated ? "NotPrincipal" : "Principal",
                listed: principals.entries.map(\.written))
        ] + own
    }

    /// Restores the case of an action, which was lower-cased when it was read.
    private static func actionName(_ lowercased: String) -> String {
        Action.allCases.map(\.rawValue).first { $0.lowercased() == lowercased } ?? lowercased
    }
}

extension PrincipalSelection.Entry {
    fileprivate var written: String {
        switch self {
        case .everybody: "*"
        case .account(let account): account
        case .principal(let arn): arn.description
        case .service(let name): name
        }
    }
}
