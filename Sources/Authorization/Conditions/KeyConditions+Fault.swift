/// Explains why conditions do not distinguish requests, and how to correct them.
extension KeyConditions {
    /// - Returns: the fault of a condition; nil when it holds for some requests and fails for others
    func fault(_ condition: Condition) -> String? {
        let key = condition.written.key
        for index in condition.values.indices {
            if let fault = fault(of: condition.narrowed(to: index)) { return fault }
        }
        guard canBeThere else {
            let names = definition.actions.map(\.rawValue).sorted().joined(separator: ", ")
            return
                "no request of the statement's actions has `\(key)`, which goes with \(names); name such an action, or leave the condition out"
        }
        if !canBeMissing, let isThere = condition.asksForPresence, isThere || !definition.isMultiValued {
            return
                "every request of the statement's actions has `\(key)`, so that `Null` \(isThere ? "`false` always" : "`true` never") holds; leave the \(isThere ? "condition" : "statement") out"
        }
        if isFinite, condition.asksForPresence == nil {
            for isOpposite in [true, false]
            where !hasValue(passing: [Question(condition: condition, isOpposite: isOpposite)]) {
                return
                    "holds for \(isOpposite ? "every" : "no") value of `\(key)`; its values are \(values.description): leave some of them out"
            }
        }
        if !canHold([condition]) {
            return "never holds, whatever the request says; write values that leave some requests"
        }
        if !canFail(condition) { return "always holds, whatever the request says; leave the condition out" }
        return nil
    }

    /// - Returns: why the conditions on one key cannot hold together; nil when they can
    func contradiction(_ conditions: [Condition]) -> String? {
        guard conditions.count > 1, let first = conditions.first, !canHold(conditions) else { return nil }
        let operators = conditions.map { "`\($0.comparison.name)`" }.joined(separator: " and ")
        return
            "no request satisfies \(operators) for `\(first.written.key)` together; all conditions of a statement must hold, so write two statements or leave one out"
    }

    private var isFinite: Bool {
        switch values {
        case .names, .booleans, .numbers: true
        case .moments, .texts, .open: false
        }
    }

    /// The fault of a condition with one value.
    private func fault(of condition: Condition) -> String? {
        guard let text = condition.written.values.first, let value = condition.values.first,
            condition.asksForPresence == nil
        else { return nil }
        let key = condition.written.key
        let noValue = "`\(text)` is no value of `\(key)`; its values are \(values.description)"
        let isNegated = condition.comparison.comparison.isNegated
        // Evaluated with the operator without negation.
        let canMatch = hasValue(passing: [Question(condition: condition, isOpposite: isNegated)])
        switch value {
        case .text(let pattern):
            if case .texts(_, _, let most?) = values, pattern.fewestCharacters > most { return noValue }
            return canMatch ? nil : noValue
        case .range: return nil
        case .number, .date, .boolean:
            if !canMatch {
                return condition.comparison.comparison.isOrdered
                    ? "`\(condition.comparison.name)` `\(text)` holds for no value of `\(key)`; its values are \(values.description)"
                    : noValue
            }
            guard !hasValue(passing: [Question(condition: condition, isOpposite: !isNegated)]) else {
                return nil
            }
            return
                "`\(condition.comparison.name)` `\(text)` holds for every value of `\(key)`; its values are \(values.description): leave the condition out"
        }
    }
}
