internal import OctetText
internal import PKIX

/// One line of a statement's Condition block: an operator, a key, and the policy's values.
struct Condition: Sendable {
    let comparison: ConditionOperator
    /// In lower case: keys are compared without regard to case.
    let key: String
    /// The key and the values as written in the policy, for explanations.
    let written: (key: String, values: [String])
    let values: [Value]
    /// The values for common names that can be taken for a host, which are in lower case in requests; nil for
    /// other keys.
    let hostValues: [Value]?
    /// Whether the key's values are always in lower case, in requests and in policies.
    let isLowercased: Bool

    /// A parsed value of the policy.
    enum Value: Sendable {
        case text(PolicyText)
        case number(Double)
        /// Seconds since 1970.
        case date(Double)
        case boolean(Bool)
        /// Address and mask.
        case range([UInt8])
    }

    /// - Throws: the reason, when a value is not valid for the operator
    init(
        _ comparison: ConditionOperator, key: String, values: [String], hasVariables: Bool
    ) throws(PolicyTextFault) {
        self.comparison = comparison
        self.key = key.lowercased()
        written = (key, values)
        isLowercased = ConditionKey.lowercased.contains(self.key)
        self.values = try Self.values(
            values, comparison.comparison, key: self.key, hasVariables: hasVariables)
        hostValues =
            self.key == ConditionKey.commonName && comparison.comparison.takesVariables
            ? try Self.values(
                values.map { $0.lowercased() }, comparison.comparison, key: self.key,
                hasVariables: hasVariables) : nil
    }

    private static func values(
        _ texts: [String], _ comparison: ConditionOperator.Comparison, key: String, hasVariables: Bool
    ) throws(PolicyTextFault) -> [Value] {
        var values: [Value] = []
        for text in texts {
            values.append(
                try value(
                    ConditionKey.normalized(text, of: key, hasWildcards: comparison.takesWildcards),
                    comparison, hasVariables: hasVariables && comparison.takesVariables))
        }
        return values
    }

    private init(_ whole: Condition, index: Int) {
        comparison = whole.comparison
        key = whole.key
        written = (whole.written.key, [whole.written.values[index]])
        values = [whole.values[index]]
        hostValues = whole.hostValues.map { [$0[index]] }
        isLowercased = whole.isLowercased
    }

    /// The condition with only one of its values.
    func narrowed(to index: Int) -> Condition { Condition(self, index: index) }

    private static func value(
        _ text: String, _ comparison: ConditionOperator.Comparison, hasVariables: Bool
    ) throws(PolicyTextFault) -> Value {
        switch comparison {
        case .stringEquals, .stringNotEquals, .binaryEquals:
            return .text(try PolicyText(text, hasWildcards: false, hasVariables: hasVariables))
        case .stringEqualsIgnoreCase, .stringNotEqualsIgnoreCase:
            return .text(
                try PolicyText(text.lowercased(), hasWildcards: false, hasVariables: hasVariables))
        case .stringLike, .stringNotLike:
            return .text(try PolicyText(text, hasWildcards: true, hasVariables: hasVariables))
        case .arnEquals, .arnLike, .arnNotEquals, .arnNotLike:
            guard text.pieces(at: ":", most: 6).count == 6 else {
                throw PolicyTextFault(reason: "`\(text)` is not an ARN with six parts")
            }
            // ArnEquals takes wildcards like ArnLike (IAM User Guide).
            return .text(try PolicyText(text, hasWildcards: true, hasVariables: hasVariables))
        case .numericEquals, .numericNotEquals, .numericLessThan, .numericLessThanEquals,
            .numericGreaterThan, .numericGreaterThanEquals:
            guard let number = number(text) else {
                throw PolicyTextFault(reason: "`\(text)` is not a number")
            }
            return .number(number)
        case .dateEquals, .dateNotEquals, .dateLessThan, .dateLessThanEquals, .dateGreaterThan,
            .dateGreaterThanEquals:
            guard let date = date(text) else {
                throw PolicyTextFault(reason: "`\(text)` is not a date such as 2026-01-31T00:00:00Z")
            }
            return .date(date)
        case .bool, .null:
            guard let flag = boolean(text) else {
                throw PolicyTextFault(reason: "`\(text)` is neither `true` nor `false`")
            }
            return .boolean(flag)
        case .ipAddress, .notIPAddress:
            guard let range = IPAddress.range(text) else {
                throw PolicyTextFault(reason: "`\(text)` is not a range such as 203.0.113.0/24")
            }
            return .range(range)
        }
    }

    /// Whether it holds for a request (IAM User Guide, "IAM JSON policy elements: Condition operators" and
    /// "Conditions with multiple context keys or values").
    func holds(in context: ConditionContext) -> Bool {
        let present = context.values(lowercased: key)
        if comparison.comparison == .null {
            // A key without values counts as absent.
            let isNull = present?.isEmpty ?? true
            return values.contains { value in
                if case .boolean(let expected) = value { expected == isNull } else { false }
            }
        }
        guard let present else { return holdsWithoutKey }
        switch comparison.quantifier {
        case .forAllValues: return present.allSatisfy { isMatch($0, in: context) }
        case .forAnyValue: return present.contains { isMatch($0, in: context) }
        case nil: return present.count == 1 && isMatch(present[0], in: context)
        }
    }

    var holdsWithoutKey: Bool {
        if let asksForPresence { return !asksForPresence }
        if comparison.ifExists { return true }
        return switch comparison.quantifier {
        case .forAllValues: true
        case .forAnyValue: false
        case nil: comparison.comparison.isNegated
        }
    }

    /// Whether the condition matches a value; a negated operator is replaced by its opposite. Variables have
    /// no value.
    func matches(_ text: String) -> Bool { isMatch(text, in: ConditionContext()) }

    /// Compares one value of the request with all values of the policy. One of them must match; for a negated
    /// operator, none may.
    private func isMatch(_ text: String, in context: ConditionContext) -> Bool {
        let isHost = hostValues != nil && ConditionContext.isHost(commonName: text)
        let values = isHost ? hostValues ?? values : values
        if comparison.comparison.isNegated {
            return values.allSatisfy { isEqual(text, $0, isHost: isHost, in: context) == false }
        }
        return values.contains { isEqual(text, $0, isHost: isHost, in: context) == true }
    }

    /// Compares with the opposite of a negated operator. Nil when the request's value is not of the
    /// operator's type; then neither the operator nor its opposite holds. A variable without a value equals
    /// nothing (IAM User Guide, "Policy variables with no value"), so that a negated operator holds.
    private func isEqual(
        _ text: String, _ value: Value, isHost: Bool, in context: ConditionContext
    ) -> Bool? {
        switch value {
        case .text(let expected): isEqual(text, expected, isHost: isHost, in: context)
        case .number(let expected): Self.number(text).map { isOrdered($0, expected) }
        case .date(let expected): Self.date(text).map { isOrdered($0, expected) }
        case .boolean(let expected): Self.boolean(text).map { $0 == expected }
        case .range(let expected): IPAddress.octets(text).map { IPAddress.isInside($0, range: expected) }
        }
    }

    private func isEqual(
        _ text: String, _ expected: PolicyText, isHost: Bool, in context: ConditionContext
    ) -> Bool? {
        switch comparison.comparison {
        case .stringEqualsIgnoreCase, .stringNotEqualsIgnoreCase:
            expected.matches(text.lowercased(), in: context, isLowercased: true) ?? false
        case .arnEquals, .arnLike, .arnNotEquals, .arnNotLike:
            expected.resolved(in: context)?.matches(arn: text) ?? false
        default: expected.matches(text, in: context, isLowercased: isLowercased || isHost) ?? false
        }
    }

    private func isOrdered(_ number: Double, _ expected: Double) -> Bool {
        switch comparison.comparison {
        case .numericLessThan, .dateLessThan: number < expected
        case .numericLessThanEquals, .dateLessThanEquals: number <= expected
        case .numericGreaterThan, .dateGreaterThan: number > expected
        case .numericGreaterThanEquals, .dateGreaterThanEquals: number >= expected
        default: number == expected
        }
    }

    /// Decimal digits with a sign and a fraction; no infinities, no hexadecimal.
    static func number(_ text: String) -> Double? {
        guard !text.isEmpty, text.utf8.count <= 32,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.".utf8.contains($0) })
        else { return nil }
        return Double(text)
    }

    private static func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// ISO 8601 in UTC (`2026-01-31`, `2026-01-31T12:00:00Z`), or seconds since 1970.
    private static func date(_ text: String) -> Double? {
        if let seconds = number(text), !text.dropFirst().containsOctet("-") { return seconds }
        let parts = text.pieces(at: "T")
        let day = parts[0].pieces(at: "-").map { digits($0) }
        var clock: [Int?] = [0, 0, 0]
        if parts.count == 2 {
            guard parts[1].hasOctetSuffix("Z") else { return nil }
            clock = parts[1].dropLast().pieces(at: ":")
                .map { digits($0) }
        }
        guard parts.count <= 2, day.count == 3, clock.count == 3, let year = day[0], let month = day[1],
            let dayOfMonth = day[2], let hours = clock[0], let minutes = clock[1], let seconds = clock[2]
        else { return nil }
        return CivilTime(
            year: year, month: month, day: dayOfMonth, hours: hours, minutes: minutes, seconds: seconds
        ).map { Double($0.secondsSinceEpoch) }
    }

    private static func digits(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
