internal import PKIX

/// The possible values of one key in requests for a statement's actions, and whether conditions on the key
/// can hold and can fail.
///
/// In doubt both are assumed possible, so a condition that distinguishes requests is never reported.
struct KeyConditions: Sendable {
    let definition: ConditionKey.Definition
    let values: ConditionValues
    /// Whether a request can have the key, and whether it can lack the key.
    let canBeThere: Bool
    let canBeMissing: Bool
    private let language: Automaton

    /// A requirement on one value of the key: a condition holds for it, or does not.
    struct Question {
        let condition: Condition
        var isOpposite = false
    }

    init(_ definition: ConditionKey.Definition, of actions: Set<Action>, partition: String?) {
        self.definition = definition
        values = definition.values(partition)
        canBeThere = !definition.actions.isDisjoint(with: actions)
        canBeMissing = !actions.isSubset(of: definition.always)
        language = Automaton(values.grammar)
    }

    /// Whether some request satisfies all of these conditions on the key.
    func canHold(_ conditions: [Condition]) -> Bool {
        canBeMissing && conditions.allSatisfy(\.holdsWithoutKey)
            || canBeThere && canHoldWithKey(conditions)
    }

    private func canHoldWithKey(_ conditions: [Condition]) -> Bool {
        let needsNone = conditions.contains { $0.asksForPresence == false }
        let questions = conditions.filter { $0.asksForPresence == nil }.map { Question(condition: $0) }
        guard definition.isMultiValued else { return !needsNone && hasValue(passing: questions) }
        // Each value must pass the `ForAllValues:` conditions. For each other condition one value must pass
        // that condition too.
        let ofAll = questions.filter { $0.condition.comparison.quantifier == .forAllValues }
        let ofAny = questions.filter { $0.condition.comparison.quantifier == .forAnyValue }
        let needsSome = conditions.contains { $0.asksForPresence == true }
        if ofAny.isEmpty, !needsSome { return true }
        if needsNone { return false }
        return ofAny.isEmpty
            ? hasValue(passing: ofAll) : ofAny.allSatisfy { hasValue(passing: ofAll + [$0]) }
    }

    /// Whether some request does not satisfy the condition.
    func canFail(_ condition: Condition) -> Bool {
        if canBeMissing, !condition.holdsWithoutKey { return true }
        guard canBeThere else { return false }
        if let presence = condition.asksForPresence { return !presence || definition.isMultiValued }
        if definition.isMultiValued, condition.comparison.quantifier == .forAnyValue { return true }
        return hasValue(passing: [Question(condition: condition, isOpposite: true)])
    }

    /// Whether some value of the key passes all of the questions.
    func hasValue(passing questions: [Question]) -> Bool {
        let ofTexts = questions.filter { $0.condition.isTextual }
        if !ofTexts.isEmpty {
            let hasText = [false, true].contains { isHost in
                language.hasText(passing: ofTexts.map { $0.test(isHost: isHost) })
            }
            guard hasText else { return false }
        }
        let rest = questions.filter { !$0.condition.isTextual }
        // The remainder of several ranges is not computed.
        if rest.contains(where: { $0.condition.isOfRanges }) {
            return rest.count > 1 || !rest[0].isNegated || !rest[0].condition.coversAllAddresses
        }
        return rest.isEmpty
            || candidates(for: rest).contains { text in
                rest.allSatisfy { $0.condition.matches(text) != $0.isOpposite }
            }
    }

    /// If any value passes, one of these does: the compared values and their neighbors.
    private func candidates(for questions: [Question]) -> [String] {
        var points: Set<Double> = []
        for value in questions.flatMap(\.condition.values) {
            switch value {
            case .number(let number), .date(let number): points.insert(number)
            case .text, .boolean, .range: break
            }
        }
        let near = points.filter { $0.magnitude < Self.largest }
        var whole: Set<Int64> = []
        for point in near {
            let (down, up) = (Int64(point.rounded(.down)), Int64(point.rounded(.up)))
            whole.formUnion([down - 1, down, up, up + 1])
        }
        switch values {
        case .booleans(let flags): return flags.map { "\($0)" }
        case .numbers(let from, let to):
            let end = to ?? Int64(Self.largest)
            return ([from, end] + whole.filter { (from...end).contains($0) }).map { "\($0)" }
        case .moments:
            return (whole + [Self.someTime]).compactMap { seconds in
                CivilTime(secondsSinceEpoch: seconds).map { "\($0)" }
            }
        case .names, .texts, .open:
            var texts = ["", "true", "false"] + whole.map { "\($0)" }
            for point in near { texts += ["\(point - 0.25)", "\(point)", "\(point + 0.25)"] }
            let nines = String(repeating: "9", count: 31)
            return texts + [nines, "-\(nines)"]
        }
    }

    /// Up to this number every integer has an exact `Double`.
    private static let largest = 9_007_199_254_740_992.0
    private static let someTime: Int64 = 1_800_000_000
}

extension KeyConditions.Question {
    var isNegated: Bool { condition.comparison.comparison.isNegated != isOpposite }

    /// - Parameter isHost: of a common name that can be taken for a host
    fileprivate func test(isHost: Bool) -> TextTest {
        let comparison = condition.comparison.comparison
        let values = isHost ? condition.hostValues ?? condition.values : condition.values
        return TextTest(
            values.compactMap { if case .text(let text) = $0 { text } else { nil } },
            isCaseless: comparison.isCaseless, isARN: comparison.isOfARNs, isNegated: isNegated)
    }
}

extension Condition {
    /// True if it requires the key (`Null` `false`), false if it requires its absence; nil for any other
    /// operator.
    var asksForPresence: Bool? {
        guard comparison.comparison == .null, case .boolean(let isNull)? = values.first else { return nil }
        return !isNull
    }

    fileprivate var isTextual: Bool { if case .text? = values.first { true } else { false } }
    fileprivate var isOfRanges: Bool { if case .range? = values.first { true } else { false } }

    /// Whether a range has an empty mask and so covers all addresses of its family.
    fileprivate var coversAllAddresses: Bool {
        let families = values.compactMap { value -> Int? in
            guard case .range(let octets) = value,
                octets.suffix(octets.count / 2).allSatisfy({ $0 == 0 })
            else { return nil }
            return octets.count
        }
        return Set(families).count == 2
    }
}
