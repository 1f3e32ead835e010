/// Which condition keys a policy may name.
public enum ConditionKeyScope: Sendable {
    /// Those that requests here bring. Another would make an Allow dead and a Deny harmless.
    case served
    /// All that the evaluator knows, with those of operations that do not exist yet.
    case known
}

/// The condition keys there are; others are refused when a policy is read.
enum ConditionKey {
    /// What its values are, which says what operators can be asked of it: another never holds, nor does its opposite.
    enum Kind {
        /// Of a tag: whatever its owner wrote.
        case any
        case text
        case arn
        case moment
        case number
        case boolean
    }

    struct Definition {
        /// In lower case; one that ends with `/` is a family, such as that of tags.
        let name: String
        let kind: Kind
        let isMultiValued: Bool
        /// Whether any request here brings it.
        let isServed: Bool
    }

    /// IAM User Guide, "AWS global condition context keys", and the service authorization reference of AWS Private CA.
    private static let served: [(String, Kind)] = [
        ("acm-pca:templatearn", .arn), ("aws:principalarn", .arn), ("aws:principalaccount", .text),
        ("aws:principaltype", .text), ("aws:currenttime", .moment), ("aws:epochtime", .number),
        ("aws:securetransport", .boolean), ("aws:principaltag/", .any), ("aws:resourceaccount", .text),
    ]
    // They come with tags.
    private static let later: [(String, Kind)] = [("aws:resourcetag/", .any), ("aws:requesttag/", .any)]
    private static let laterMultiple: [(String, Kind)] = [("aws:tagkeys", .text)]

    /// Nil for a key that does not exist.
    static func definition(_ key: String) -> Definition? {
        let key = key.lowercased()
        func matches(_ name: String) -> Bool {
            name.hasSuffix("/") ? key.hasPrefix(name) && key.utf8.count > name.utf8.count : key == name
        }
        let families: [(list: [(String, Kind)], isMultiValued: Bool, isServed: Bool)] = [
            (served, false, true), (later, false, false), (laterMultiple, true, false),
        ]
        for family in families {
            if let (_, kind) = family.list.first(where: { matches($0.0) }) {
                return Definition(
                    name: key, kind: kind, isMultiValued: family.isMultiValued, isServed: family.isServed)
            }
        }
        return nil
    }
}

extension ConditionOperator.Comparison {
    /// Whether values of this kind can be compared by it at all.
    func suits(_ kind: ConditionKey.Kind) -> Bool {
        switch self {
        case .stringEquals, .stringNotEquals, .stringEqualsIgnoreCase, .stringNotEqualsIgnoreCase,
            .stringLike, .stringNotLike, .binaryEquals, .null:
            true
        case .arnEquals, .arnLike, .arnNotEquals, .arnNotLike: kind == .arn || kind == .any
        case .numericEquals, .numericNotEquals, .numericLessThan, .numericLessThanEquals,
            .numericGreaterThan, .numericGreaterThanEquals:
            kind == .number || kind == .any
        case .dateEquals, .dateNotEquals, .dateLessThan, .dateLessThanEquals, .dateGreaterThan,
            .dateGreaterThanEquals:
            kind == .moment || kind == .number || kind == .any
        case .bool: kind == .boolean || kind == .any
        case .ipAddress, .notIPAddress: kind == .any
        }
    }
}
