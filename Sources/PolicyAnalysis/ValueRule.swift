public import Authorization
internal import PKIX

/// The allowed values of one condition key.
public struct ValueRule: Sendable {
    /// The key as it was written.
    public let key: String
    /// A value may match any of these.
    public let allowed: [Allowed]
    /// Whether a request may lack the key, or have it without a value.
    public let mayBeMissing: Bool

    public enum Allowed: Sendable, Hashable {
        /// A pattern, matched as by `StringLike`.
        case like(TextPattern)
        /// The octets of an address and a mask.
        case range([UInt8])
        case numbers(ClosedRange<Double>)
    }

    public init(key: String, allowed: [Allowed], mayBeMissing: Bool = false) {
        self.key = key
        self.allowed = allowed
        self.mayBeMissing = mayBeMissing
    }

    /// Whether a request with these values violates the rule.
    /// - Parameter values: nil when the request lacks the key
    public func isBroken(by values: [String]?) -> Bool {
        guard let values, !values.isEmpty else { return !mayBeMissing }
        return values.contains { value in !allowed.contains { $0.holds(value) } }
    }

    /// The operands of the rule, in the form of a condition's.
    var operands: [ConditionTerm.Operand] {
        allowed.flatMap { entry -> [ConditionTerm.Operand] in
            switch entry {
            case .like(let pattern): [.text(pattern)]
            case .range(let range): [.range(range)]
            case .numbers(let numbers): [.number(numbers.lowerBound), .number(numbers.upperBound)]
            }
        }
    }
}

extension ValueRule.Allowed {
    fileprivate func holds(_ value: String) -> Bool {
        switch self {
        case .like(let pattern): pattern.matches(value)
        case .range(let range): IPAddress.octets(value).map { IPAddress.isInside($0, range: range) } ?? false
        case .numbers(let numbers): Double(value).map(numbers.contains) ?? false
        }
    }
}
