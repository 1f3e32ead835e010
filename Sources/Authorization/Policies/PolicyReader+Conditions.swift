internal import JSON
internal import OctetText

/// `Condition`: operators, keys and values.
extension PolicyReader {
    func conditions(
        _ value: JSONValue?, of principals: PrincipalSelection?, _ actions: Statement.Selection,
        at path: String, hasVariables: Bool
    ) throws(PolicyFault) -> [Condition] {
        guard let value else { return [] }
        guard case .object(let operators) = value else {
            throw PolicyFault(path: path, reason: "must be an object")
        }
        var conditions: [Condition] = []
        var keys = KeyRegister(
            actions: Set(
                Action.allCases.filter {
                    actions.selects($0) && (form != .resource || $0.scope != .daemon)
                }), partition: partition)
        for (name, block) in operators {
            guard let comparison = ConditionOperator(name) else {
                let known = ConditionOperator.Comparison.allCases.map(\.rawValue).joined(separator: ", ")
                throw PolicyFault(
                    path: path, reason: "the operator `\(name)` is not known; known are \(known)")
            }
            guard case .object(let members) = block else {
                throw PolicyFault(path: "\(path).\(name)", reason: "must be an object")
            }
            if !isStored { try check(Array(members.names), of: principals, at: "\(path).\(name)") }
            for (key, values) in members {
                let place = "\(path).\(name).\(key)"
                try check(key, comparison, at: "\(path).\(name)")
                do {
                    let condition = try Condition(
                        comparison, key: key, values: try scalars(values, at: place),
                        hasVariables: hasVariables)
                    if !isStored, let fault = condition.fault() ?? keys.fault(condition) {
                        throw PolicyTextFault(reason: fault)
                    }
                    conditions.append(condition)
                } catch let fault as PolicyFault { throw fault } catch {
                    let reason = (error as? PolicyTextFault)?.reason ?? "it is not valid"
                    throw PolicyFault(path: place, reason: reason)
                }
            }
        }
        if !isStored, let fault = keys.contradiction(conditions) {
            throw PolicyFault(path: path, reason: fault)
        }
        return conditions
    }

    /// Checks the keys of one operator together.
    private func check(
        _ keys: [String], of principals: PrincipalSelection?, at path: String
    ) throws(PolicyFault) {
        // An operator without keys always holds.
        guard !keys.isEmpty else {
            throw PolicyFault(
                path: path, reason: "holds no condition key; name one, or leave the operator out")
        }
        var seen: [String: String] = [:]
        for key in keys {
            if let earlier = seen.updateValue(key, forKey: key.lowercased()) {
                throw PolicyFault(
                    path: path,
                    reason:
                        "`\(earlier)` and `\(key)` are one condition key, which is in any case of letters; write it once, with a list of values"
                )
            }
            if form == .resource, ConditionKey.ofServices.contains(key.lowercased()),
                principals?.namesService != true
            {
                throw PolicyFault(
                    path: path,
                    reason:
                        "`\(key)` is known of AWS's services only, and the statement names none; name the service as its `Principal`, or use `aws:PrincipalArn` or `aws:PrincipalAccount`"
                )
            }
        }
    }

    private func check(
        _ key: String, _ comparison: ConditionOperator, at path: String
    ) throws(PolicyFault) {
        guard let definition = ConditionKey.definition(key) else {
            throw PolicyFault(path: path, reason: "the condition key `\(key)` is not known")
        }
        if !isStored, key.utf8.contains(where: { PolicyText.isNeverInKey($0) }) {
            throw PolicyFault(
                path: path,
                reason:
                    "no tag has the key of `\(key)`: keys of tags have none of `*`, `?`, `$`, `{` and `}`, and a condition names one"
            )
        }
        guard form == .resource || !ConditionKey.ofServices.contains(definition.name) else {
            throw PolicyFault(
                path: path,
                reason: "`\(key)` is known of AWS's services only, which a resource policy can name")
        }
        guard comparison.comparison.suits(definition.kind) else {
            throw PolicyFault(
                path: path,
                reason:
                    "`\(comparison.comparison.rawValue)` never holds for `\(key)`, whose values are of another kind"
            )
        }
        // Without a quantifier it is undefined whether all or any of the values must match.
        if definition.isMultiValued, comparison.quantifier == nil, comparison.comparison != .null {
            throw PolicyFault(
                path: path,
                reason:
                    "`\(key)` has several values: write `ForAllValues:` or `ForAnyValue:` before the operator"
            )
        }
    }
}

/// The condition keys of a statement and their possible values.
private struct KeyRegister {
    let actions: Set<Action>
    let partition: String?
    private var keys: [String: KeyConditions] = [:]

    init(actions: Set<Action>, partition: String?) {
        self.actions = actions
        self.partition = partition
    }

    mutating func fault(_ condition: Condition) -> String? {
        guard let definition = ConditionKey.definition(condition.key) else { return nil }
        let key = keys[condition.key] ?? KeyConditions(definition, of: actions, partition: partition)
        keys[condition.key] = key
        return key.fault(condition)
    }

    /// The contradiction among conditions that are valid each.
    func contradiction(_ conditions: [Condition]) -> String? {
        for name in keys.keys.sorted() {
            if let fault = keys[name]?.contradiction(conditions.filter { $0.key == name }) { return fault }
        }
        return nil
    }
}
