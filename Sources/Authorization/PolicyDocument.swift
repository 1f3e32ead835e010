public import JSON

/// What is wrong in a policy document, and where.
public struct PolicyFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Such as `Statement[1].Effect`; empty for the document itself.
    public let path: String
    public let reason: String

    public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}

extension Policy {
    /// Reads an identity policy (IAM JSON policy reference). Anything unknown is refused: a policy that is
    /// understood in part could allow what its author forbade.
    /// - Parameter name: the file's name
    public init(identityPolicy document: JSONValue, name: String) throws(PolicyFault) {
        let members = try Self.members(of: document, at: "", known: ["Version", "Id", "Statement"])
        if let version = members["Version"], version != "2012-10-17", version != "2008-10-17" {
            throw PolicyFault(path: "Version", reason: "must be `2012-10-17`")
        }
        guard let statement = members["Statement"] else {
            throw PolicyFault(path: "", reason: "the document has no `Statement`")
        }
        let list: [JSONValue]
        switch statement {
        case .array(let entries): list = entries
        case .object: list = [statement]
        default: throw PolicyFault(path: "Statement", reason: "must be an object or an array of objects")
        }
        guard !list.isEmpty else { throw PolicyFault(path: "Statement", reason: "must not be empty") }
        var statements: [Statement] = []
        for (index, entry) in list.enumerated() {
            statements.append(try Self.statement(entry, index: index, policy: name))
        }
        self.init(name: name, statements: statements)
    }

    private static func statement(
        _ value: JSONValue, index: Int, policy: String
    ) throws(PolicyFault) -> Statement {
        let path = "Statement[\(index)]"
        let members = try members(
            of: value, at: path, known: ["Sid", "Effect", "Action", "Resource", "Condition"])
        guard let effect = members["Effect"]?.stringValue.flatMap(Statement.Effect.init) else {
            throw PolicyFault(path: "\(path).Effect", reason: "must be `Allow` or `Deny`")
        }
        if let sid = members["Sid"], sid.stringValue == nil {
            throw PolicyFault(path: "\(path).Sid", reason: "must be a string")
        }
        let actions = try strings(members["Action"], at: "\(path).Action")
        for action in actions { try check(action: action, at: "\(path).Action") }
        let resources = try strings(members["Resource"], at: "\(path).Resource")
        for resource in resources where resource != "*" && !resource.hasPrefix("arn:") {
            throw PolicyFault(path: "\(path).Resource", reason: "`\(resource)` is neither `*` nor an ARN")
        }
        return Statement(
            name: "\(policy)#\(members["Sid"]?.stringValue ?? String(index))",
            effect: effect,
            // IAM: actions are compared without regard to case.
            actions: actions.map { Glob($0.lowercased()) },
            resources: resources.map(Glob.init),
            conditions: try conditions(members["Condition"], at: "\(path).Condition"))
    }

    private static func check(action: String, at path: String) throws(PolicyFault) {
        if action == "*" { return }
        let parts = action.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, ["acm-pca", "signet"].contains(parts[0].lowercased()) else {
            throw PolicyFault(path: path, reason: "`\(action)` is not an action of `acm-pca:` or `signet:`")
        }
        let glob = Glob(action.lowercased())
        guard Action.allCases.contains(where: { glob.matches($0.rawValue.lowercased()) }) else {
            throw PolicyFault(path: path, reason: "`\(action)` matches no action there is")
        }
    }

    private static func conditions(_ value: JSONValue?, at path: String) throws(PolicyFault) -> [Condition] {
        guard let value else { return [] }
        guard case .object(let operators) = value else {
            throw PolicyFault(path: path, reason: "must be an object")
        }
        var conditions: [Condition] = []
        for (name, block) in operators.sorted(by: { $0.key < $1.key }) {
            guard let comparison = Condition.Operator(rawValue: name) else {
                let known = Condition.Operator.allCases.map(\.rawValue).joined(separator: ", ")
                throw PolicyFault(
                    path: path, reason: "the operator `\(name)` is not known; known are \(known)")
            }
            guard case .object(let keys) = block else {
                throw PolicyFault(path: "\(path).\(name)", reason: "must be an object")
            }
            for (key, values) in keys.sorted(by: { $0.key < $1.key }) {
                guard Condition.knownKeys.contains(key.lowercased()) else {
                    throw PolicyFault(
                        path: "\(path).\(name)", reason: "the condition key `\(key)` is not known")
                }
                conditions.append(
                    Condition(comparison, key: key, values: try strings(values, at: "\(path).\(name).\(key)"))
                )
            }
        }
        return conditions
    }

    private static func members(
        of value: JSONValue, at path: String, known: Set<String>
    ) throws(PolicyFault) -> [String: JSONValue] {
        guard case .object(let members) = value else {
            throw PolicyFault(path: path, reason: "must be an object")
        }
        if let unknown = members.keys.filter({ !known.contains($0) }).min() {
            throw PolicyFault(
                path: path,
                reason:
                    "`\(unknown)` is not understood in an identity policy; known are \(known.sorted().joined(separator: ", "))"
            )
        }
        return members
    }

    // Taken literally, a variable would make a Deny that never applies.
    private static func check(noVariable text: String, at path: String) throws(PolicyFault) {
        if text.contains("${") {
            throw PolicyFault(path: path, reason: "policy variables such as `${aws:…}` are not evaluated yet")
        }
    }

    private static func strings(_ value: JSONValue?, at path: String) throws(PolicyFault) -> [String] {
        switch value {
        case .string(let text)?:
            try check(noVariable: text, at: path)
            return [text]
        case .array(let entries)? where !entries.isEmpty:
            var list: [String] = []
            for entry in entries {
                guard let text = entry.stringValue else {
                    throw PolicyFault(path: path, reason: "must hold strings only")
                }
                try check(noVariable: text, at: path)
                list.append(text)
            }
            return list
        default: throw PolicyFault(path: path, reason: "must be a string or a list of strings")
        }
    }
}
