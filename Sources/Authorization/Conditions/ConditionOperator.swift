internal import OctetText

/// A condition operator as a policy writes it: `ForAllValues:StringLikeIfExists`.
struct ConditionOperator: Sendable, Hashable {
    enum Comparison: String, Sendable, CaseIterable {
        case stringEquals = "StringEquals"
        case stringNotEquals = "StringNotEquals"
        case stringEqualsIgnoreCase = "StringEqualsIgnoreCase"
        case stringNotEqualsIgnoreCase = "StringNotEqualsIgnoreCase"
        case stringLike = "StringLike"
        case stringNotLike = "StringNotLike"
        case numericEquals = "NumericEquals"
        case numericNotEquals = "NumericNotEquals"
        case numericLessThan = "NumericLessThan"
        case numericLessThanEquals = "NumericLessThanEquals"
        case numericGreaterThan = "NumericGreaterThan"
        case numericGreaterThanEquals = "NumericGreaterThanEquals"
        case dateEquals = "DateEquals"
        case dateNotEquals = "DateNotEquals"
        case dateLessThan = "DateLessThan"
        case dateLessThanEquals = "DateLessThanEquals"
        case dateGreaterThan = "DateGreaterThan"
        case dateGreaterThanEquals = "DateGreaterThanEquals"
        case bool = "Bool"
        case binaryEquals = "BinaryEquals"
        case ipAddress = "IpAddress"
        case notIPAddress = "NotIpAddress"
        case arnEquals = "ArnEquals"
        case arnLike = "ArnLike"
        case arnNotEquals = "ArnNotEquals"
        case arnNotLike = "ArnNotLike"
        case null = "Null"

        /// IAM: a negated operator holds when its opposite does not, and when the request does not have the
        /// key.
        var isNegated: Bool {
            switch self {
            case .stringNotEquals, .stringNotEqualsIgnoreCase, .stringNotLike, .numericNotEquals,
                .dateNotEquals, .notIPAddress, .arnNotEquals, .arnNotLike:
                true
            default: false
            }
        }

        /// Whether it compares the order of values.
        var isOrdered: Bool {
            switch self {
            case .numericLessThan, .numericLessThanEquals, .numericGreaterThan, .numericGreaterThanEquals,
                .dateLessThan, .dateLessThanEquals, .dateGreaterThan, .dateGreaterThanEquals:
                true
            default: false
            }
        }

        var isCaseless: Bool { self == .stringEqualsIgnoreCase || self == .stringNotEqualsIgnoreCase }

        /// Whether it matches the six parts of an ARN separately.
        var isOfARNs: Bool { [.arnEquals, .arnLike, .arnNotEquals, .arnNotLike].contains(self) }

        /// Whether `*` and `?` in its values are wildcards.
        var takesWildcards: Bool {
            switch self {
            case .stringLike, .stringNotLike, .arnEquals, .arnLike, .arnNotEquals, .arnNotLike: true
            default: false
            }
        }

        /// Whether its values may contain policy variables; IAM allows them for operators on text.
        var takesVariables: Bool {
            switch self {
            case .stringEquals, .stringNotEquals, .stringEqualsIgnoreCase, .stringNotEqualsIgnoreCase,
                .stringLike, .stringNotLike, .arnEquals, .arnLike, .arnNotEquals, .arnNotLike:
                true
            default: false
            }
        }
    }

    enum Quantifier: String, Sendable {
        case forAllValues = "ForAllValues"
        case forAnyValue = "ForAnyValue"
    }

    let comparison: Comparison
    let quantifier: Quantifier?
    let ifExists: Bool

    init(_ comparison: Comparison, quantifier: Quantifier? = nil, ifExists: Bool = false) {
        self.comparison = comparison
        self.quantifier = quantifier
        self.ifExists = ifExists
    }

    /// The name as in a policy.
    var name: String {
        (quantifier.map { "\($0.rawValue):" } ?? "") + comparison.rawValue + (ifExists ? "IfExists" : "")
    }

    /// Nil if there is no such operator.
    init?(_ name: String) {
        var rest = Substring(name)
        var quantifier: Quantifier?
        if let colon = rest.firstIndex(of: ":") {
            guard let known = Quantifier(rawValue: String(rest[..<colon])) else { return nil }
            quantifier = known
            rest = rest[rest.index(after: colon)...]
        }
        let ifExists = rest.hasOctetSuffix("IfExists")
        if ifExists { rest = rest.dropLast("IfExists".count) }
        guard let comparison = Comparison(rawValue: String(rest)),
            // IAM: `Null` itself tests for existence.
            comparison != .null || !ifExists
        else { return nil }
        self.init(comparison, quantifier: quantifier, ifExists: ifExists)
    }
}
