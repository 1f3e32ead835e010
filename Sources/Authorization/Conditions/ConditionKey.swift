internal import OctetText

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
        case address
    }

    struct Definition {
        /// In lower case; one that ends with `/` is a family, such as that of tags.
        let name: String
        let kind: Kind
        let isMultiValued: Bool
    }

    /// Keys with one value. IAM User Guide, "AWS global condition context keys", and the service authorization reference of
    /// AWS Private CA; those of `signet:` are Signet's own.
    private static let single: [(String, Kind)] = [
        ("acm-pca:templatearn", .arn), ("aws:principalarn", .arn), ("aws:principalaccount", .text),
        ("aws:principaltype", .text), ("aws:principalorgid", .text), ("aws:currenttime", .moment),
        ("aws:epochtime", .number),
        ("aws:securetransport", .boolean), ("aws:principaltag/", .any), ("aws:resourceaccount", .text),
        ("aws:sourcearn", .arn), ("aws:sourceaccount", .text), ("aws:resourcetag/", .any),
        ("aws:requesttag/", .any),
        ("signet:peeruid", .number), ("signet:peerunit", .text), ("signet:peerexecutable", .text),
        ("signet:approvalcount", .number), ("signet:subject", .text), ("signet:validitydays", .number),
        ("signet:keyalgorithm", .text), ("signet:keysize", .number), ("signet:isca", .boolean),
    ]
    /// Those that only AWS's services bring. They make sense where a statement names a service: an Allow for other principals
    /// would be dead, and a Deny harmless.
    static let ofServices: Set<String> = ["aws:sourcearn", "aws:sourceaccount"]

    /// Keys with any number of values.
    private static let multiple: [(String, Kind)] = [
        ("aws:tagkeys", .text), ("signet:dnsnames", .text), ("signet:ipaddresses", .address),
        ("signet:emailaddresses", .text), ("signet:uris", .text), ("signet:directorynames", .text),
        ("signet:registeredids", .text), ("signet:othernames", .text),
        ("signet:subjectcommonname", .text), ("signet:subjectcountry", .text),
        ("signet:subjectstate", .text), ("signet:subjectlocality", .text),
        ("signet:subjectorganization", .text), ("signet:subjectorganizationalunit", .text),
        ("signet:subjectserialnumber", .text),
    ]

    /// Whether a key, in lower case, says the same in every request of one principal to one authority.
    static func isSettled(_ key: String) -> Bool {
        key.hasOctetPrefix("aws:principal") || key == "aws:resourceaccount" || key == "aws:securetransport"
    }

    /// Nil for a key that does not exist.
    static func definition(_ key: String) -> Definition? {
        let key = key.lowercased()
        func matches(_ name: String) -> Bool {
            name.hasOctetSuffix("/")
                ? key.hasOctetPrefix(name) && key.utf8.count > name.utf8.count : key == name
        }
        if let (_, kind) = single.first(where: { matches($0.0) }) {
            return Definition(name: key, kind: kind, isMultiValued: false)
        }
        return multiple.first { matches($0.0) }.map { Definition(name: key, kind: $0.1, isMultiValued: true) }
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
        case .ipAddress, .notIPAddress: kind == .address || kind == .any
        }
    }
}
