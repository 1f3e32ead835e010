/// A condition that can affect a request, for tools that construct requests which a policy distinguishes.
public struct ConditionTerm: Sendable {
    /// The name of its statement, such as `issuer.json#Issue`.
    public let statement: String
    /// The key as written in the policy, and in lower case.
    public let key: String
    public let lowercasedKey: String
    /// Whether the operator has `ForAnyValue:`, so that one matching value is enough.
    public let wantsAnyValue: Bool
    /// The operands of the comparison, as far as they are known without a request.
    public let operands: [Operand]
    private let condition: Condition

    public enum Operand: Sendable, Hashable {
        case text(TextPattern)
        /// In lower case; compared without regard to case.
        case caselessText(TextPattern)
        case number(Double)
        /// Seconds since 1970.
        case moment(Double)
        case boolean(Bool)
        /// Address and mask, in octets.
        case range([UInt8])
        /// Whether the key is present.
        case presence
        /// A policy variable whose value comes from the request, so the operand is unknown.
        case variable
    }

    init(_ condition: Condition, of statement: Statement, known: ConditionContext) {
        self.condition = condition
        self.statement = statement.name
        key = condition.written.key
        lowercasedKey = condition.key
        wantsAnyValue = condition.comparison.quantifier == .forAnyValue
        operands =
            condition.values.compactMap {
                Self.operand($0, of: condition, isLowercased: condition.isLowercased, known)
            }
            + (condition.hostValues ?? []).compactMap {
                Self.operand($0, of: condition, isLowercased: true, known)
            }
    }

    private static func operand(
        _ value: Condition.Value, of condition: Condition, isLowercased: Bool, _ known: ConditionContext
    ) -> Operand? {
        let comparison = condition.comparison.comparison
        switch value {
        case .number(let number): return .number(number)
        case .date(let date): return .moment(date)
        case .boolean(let flag): return comparison == .null ? .presence : .boolean(flag)
        case .range(let range): return .range(range)
        case .text(let text):
            let isCaseless = comparison.isCaseless
            switch text.settled(by: known, isLowercased: isCaseless || isLowercased) {
            case .open: return .variable
            case .nothing: return nil
            case .parts(let parts):
                let pattern = TextPattern(parts, isARN: comparison.isOfARNs)
                return isCaseless ? .caselessText(pattern) : .text(pattern)
            }
        }
    }

    /// Whether the condition holds, evaluated by the authorizer's code.
    public func holds(in context: ConditionContext) -> Bool { condition.holds(in: context) }
}

/// The type of a condition key's values.
public struct ConditionKeyShape: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case any
        case text
        case arn
        case moment
        case number
        case boolean
        case address
    }

    public let kind: Kind
    public let isMultiValued: Bool

    /// Nil for a key that does not exist.
    public init?(key: String) {
        guard let definition = ConditionKey.definition(key) else { return nil }
        isMultiValued = definition.isMultiValued
        kind =
            switch definition.kind {
            case .any: .any
            case .text: .text
            case .arn: .arn
            case .moment: .moment
            case .number: .number
            case .boolean: .boolean
            case .address: .address
            }
    }
}
