internal import JSON
internal import OctetText

/// Reads a policy document strictly: unknown parts are refused with their place.
struct PolicyReader {
    enum Form {
        case identity
        case resource
        case guardrail

        var statementMembers: Set<String> {
            var members: Set = [
                "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition",
            ]
            if self == .resource { members.formUnion(["Principal", "NotPrincipal"]) }
            return members
        }

        var title: String {
            switch self {
            case .identity: "an identity policy"
            case .resource: "a resource policy"
            case .guardrail: "a guardrail"
            }
        }
    }

    let name: String
    let form: Form
    var resources: AuthorityARNs?
    /// The daemon's partition; nil if it is unknown.
    var partition: String?
    /// Whether the policy was stored before; then faults that change no decision are ignored.
    var isStored = false

    func policy(_ document: JSONValue) throws(PolicyFault) -> Policy {
        let members = try members(of: document, at: "", known: ["Version", "Id", "Statement"])
        let version = members["Version"] ?? "2008-10-17"
        guard version == "2012-10-17" || version == "2008-10-17" else {
            throw PolicyFault(path: "Version", reason: "must be `2012-10-17`")
        }
        if let id = members["Id"], id.stringValue == nil, !isStored {
            throw PolicyFault(path: "Id", reason: "must be a string")
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
        // AWS's own sample of a policy for a shared authority has one Sid twice, and PutPolicy takes it.
        if form != .resource { try checkStatementIDs(list) }
        if !isStored { try checkStatementNames(list) }
        var statements: [Statement] = []
        for (index, entry) in list.enumerated() {
            statements.append(
                try self.statement(entry, index: index, hasVariables: version == "2012-10-17"))
        }
        return Policy(name: name, statements: statements)
    }

    /// IAM JSON policy reference, "Sid": unique within a document. An empty Sid counts as none.
    private func checkStatementIDs(_ statements: [JSONValue]) throws(PolicyFault) {
        var places: [[UInt8]: Int] = [:]
        for (index, statement) in statements.enumerated() {
            guard let sid = Self.sid(statement) else { continue }
            if let earlier = places.updateValue(index, forKey: Array(sid.utf8)) {
                throw PolicyFault(
                    path: "Statement[\(index)].Sid",
                    reason: "`\(sid)` is the Sid of Statement[\(earlier)] too")
            }
        }
    }

    private func statement(
        _ value: JSONValue, index: Int, hasVariables: Bool
    ) throws(PolicyFault) -> Statement {
        let path = "Statement[\(index)]"
        let members = try members(of: value, at: path, known: form.statementMembers)
        guard let effect = members["Effect"]?.stringValue.flatMap(Statement.Effect.init) else {
            throw PolicyFault(path: "\(path).Effect", reason: "must be `Allow` or `Deny`")
        }
        if let sid = members["Sid"], sid.stringValue == nil {
            throw PolicyFault(path: "\(path).Sid", reason: "must be a string")
        }
        let principals = try principals(members, effect, at: path)
        let actions = try actions(members, at: path)
        let resources = try resources(members, at: path, hasVariables: hasVariables)
        if !isStored { try checkReach(actions, resources, at: path) }
        return Statement(
            name: "\(name)#\(Self.sid(value) ?? String(index))", effect: effect,
            principals: principals, actions: actions, resources: resources,
            conditions: try conditions(
                members["Condition"], of: principals, actions, at: "\(path).Condition",
                hasVariables: hasVariables))
    }

    /// The Sid. An empty Sid, which IAM accepts, counts as none.
    private static func sid(_ statement: JSONValue) -> String? {
        guard case .object(let members) = statement, let sid = members["Sid"]?.stringValue, !sid.isEmpty
        else { return nil }
        return sid
    }

    /// A statement without a Sid is named by its index. No Sid may equal that name, because the audit log
    /// names statements.
    private func checkStatementNames(_ statements: [JSONValue]) throws(PolicyFault) {
        for (index, statement) in statements.enumerated() {
            guard let sid = Self.sid(statement),
                let other = statements.indices.first(where: { sid.equalsOctets(String($0)) }),
                other != index, Self.sid(statements[other]) == nil
            else { continue }
            throw PolicyFault(
                path: "Statement[\(index)].Sid",
                reason:
                    "`\(sid)` is the name of Statement[\(other)] in the audit log, which has no Sid; give one of them another Sid"
            )
        }
    }

    // MARK: Action and Resource

    private func actions(
        _ members: JSONObject, at path: String
    ) throws(PolicyFault) -> Statement.Selection {
        let (key, isNegated) = try choice("Action", in: members, at: path)
        let actions = try strings(members[key], at: "\(path).\(key)")
        for action in actions { try check(action: action, at: "\(path).\(key)") }
        return Statement.Selection(
            patterns: try texts(
                actions.map { $0.lowercased() }, at: "\(path).\(key)", hasVariables: false),
            isNegated: isNegated)
    }

    private func resources(
        _ members: JSONObject, at path: String, hasVariables: Bool
    ) throws(PolicyFault) -> Statement.Selection {
        let (key, isNegated) = try choice("Resource", in: members, at: path)
        let resources = try strings(members[key], at: "\(path).\(key)")
        for resource in resources where resource != "*" && !resource.hasOctetPrefix("arn:") {
            throw PolicyFault(path: "\(path).\(key)", reason: "`\(resource)` is neither `*` nor an ARN")
        }
        let patterns = try texts(resources, at: "\(path).\(key)", hasVariables: hasVariables)
        for (resource, pattern) in zip(resources, patterns) where resource != "*" {
            if let fault = self.resources?.fault(pattern) {
                throw PolicyFault(path: "\(path).\(key)", reason: fault)
            }
        }
        return Statement.Selection(patterns: patterns, isNegated: isNegated)
    }

    /// Requires exactly one of a member and its opposite.
    func choice(
        _ key: String, in members: JSONObject, at path: String
    ) throws(PolicyFault) -> (key: String, isNegated: Bool) {
        switch (members[key], members["Not\(key)"]) {
        case (.some, nil): return (key, false)
        case (nil, .some): return ("Not\(key)", true)
        default: throw PolicyFault(path: path, reason: "has either `\(key)` or `Not\(key)`")
        }
    }

    private func texts(
        _ list: [String], at path: String, hasVariables: Bool
    ) throws(PolicyFault) -> [PolicyText] {
        var texts: [PolicyText] = []
        for text in list {
            let read: PolicyText
            do { read = try PolicyText(text, hasWildcards: true, hasVariables: hasVariables) } catch {
                throw PolicyFault(path: path, reason: error.reason)
            }
            if !isStored, let fault = read.variableFault { throw PolicyFault(path: path, reason: fault) }
            texts.append(read)
        }
        return texts
    }

    private func check(action: String, at path: String) throws(PolicyFault) {
        if action == "*" { return }
        let parts = action.pieces(at: ":", most: 2)
        guard parts.count == 2, ["acm-pca", "signet"].contains(parts[0].lowercased()) else {
            throw PolicyFault(path: path, reason: "`\(action)` is not an action of `acm-pca:` or `signet:`")
        }
        let glob = Glob(action.lowercased())
        guard Action.allCases.contains(where: { glob.matches($0.rawValue.lowercased()) }) else {
            throw PolicyFault(path: path, reason: "`\(action)` matches no action there is")
        }
    }

    // MARK: JSON

    func members(
        of value: JSONValue, at path: String, known: Set<String>
    ) throws(PolicyFault) -> JSONObject {
        guard case .object(let members) = value else {
            throw PolicyFault(path: path, reason: "must be an object")
        }
        if let unknown = members.names.filter({ !known.contains($0) }).min() {
            throw PolicyFault(
                path: path,
                reason:
                    "`\(unknown)` is not understood in \(form.title); known are \(known.sorted().joined(separator: ", "))"
            )
        }
        return members
    }

    func strings(_ value: JSONValue?, at path: String) throws(PolicyFault) -> [String] {
        try list(value, at: path, what: "strings") { $0.stringValue }
    }

    /// IAM accepts numbers and booleans as text.
    func scalars(_ value: JSONValue?, at path: String) throws(PolicyFault) -> [String] {
        try list(value, at: path, what: "strings, numbers or booleans") { value in
            switch value {
            case .string(let text): text
            case .boolean(let flag): "\(flag)"
            case .integer(let number): "\(number)"
            case .number(let number): "\(number)"
            default: nil
            }
        }
    }

    private func list(
        _ value: JSONValue?, at path: String, what: String, _ text: (JSONValue) -> String?
    ) throws(PolicyFault) -> [String] {
        let entries: [JSONValue]
        switch value {
        case .array(let list)?: entries = list
        case let value?: entries = [value]
        case nil: entries = []
        }
        var texts: [String] = []
        for entry in entries {
            guard let text = text(entry) else {
                throw PolicyFault(path: path, reason: "must hold \(what) only")
            }
            texts.append(text)
        }
        guard !texts.isEmpty else {
            throw PolicyFault(path: path, reason: "must hold at least one of \(what)")
        }
        return texts
    }
}
