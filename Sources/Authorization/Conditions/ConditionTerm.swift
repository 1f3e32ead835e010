/// A condition that can matter for a request, as tools see it that look for requests a policy tells apart.
public struct ConditionTerm: Sendable {
    /// The statement it stands in, such as `issuer.json#Issue`.
    public let statement: String
    /// The key as the policy writes it, and in lower case.
    public let key: String
    public let lowercasedKey: String
    /// `ForAnyValue`: it takes one value to satisfy it, whatever the others are.
    public let wantsAnyValue: Bool
    /// What the request's values are compared with, by what is known before there is a request.
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
        /// Whether the key is there.
        case presence
        /// A policy variable whose value the request brings: what it is compared with is not known before.
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

    /// Whether it holds, by the code that decides.
    public func holds(in context: ConditionContext) -> Bool { condition.holds(in: context) }
}

/// What values a condition key has.
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
