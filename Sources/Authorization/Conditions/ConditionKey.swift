internal import OctetText

/// The condition keys that exist. Policies with other keys are refused.
enum ConditionKey {
    /// The type of a key's values. It determines the operators: with any other operator neither a condition
    /// nor its opposite ever holds.
    enum Kind {
        /// Any text, as for tags.
        case any
        case text
        case arn
        case moment
        case number
        case boolean
        case address
    }

    /// The definition of a key, independent of requests.
    struct Definition: Sendable {
        /// The name in lower case. A name that ends with `/` is a prefix for a family of keys, such as tags.
        let name: String
        let kind: Kind
        let isMultiValued: Bool
        /// The possible values, given the daemon's partition if it is known.
        let values: @Sendable (_ partition: String?) -> ConditionValues
        /// The actions whose requests can have the key.
        let actions: Set<Action>
        /// The actions whose requests always have the key.
        let always: Set<Action>

        fileprivate init(
            _ name: String, _ kind: Kind, isMultiValued: Bool = false,
            _ values: @escaping @Sendable (String?) -> ConditionValues,
            in actions: Set<Action> = every, always: Set<Action> = []
        ) {
            self.name = name
            self.kind = kind
            self.isMultiValued = isMultiValued
            self.values = values
            self.actions = actions
            self.always = always
        }

        /// A key with one value.
        fileprivate init(
            _ name: String, _ kind: Kind, _ values: ConditionValues, in actions: Set<Action> = every,
            always: Set<Action> = []
        ) {
            self.init(name, kind, { _ in values }, in: actions, always: always)
        }

        /// A key with any number of values.
        fileprivate init(
            several name: String, _ kind: Kind, _ values: ConditionValues, in actions: Set<Action> = issuing,
            always: Set<Action> = []
        ) {
            self.init(name, kind, isMultiValued: true, { _ in values }, in: actions, always: always)
        }

        fileprivate init(_ name: String, of family: Definition) {
            self.init(
                name, family.kind, isMultiValued: family.isMultiValued, family.values, in: family.actions,
                always: family.always)
        }
    }

    private static let every = Set(Action.allCases)
    private static let issuing: Set<Action> = [.issueCertificate]
    private static let aboutAuthority = Set(Action.allCases.filter { $0.scope != .daemon })
    /// The actions whose requests contain tags.
    private static let tagging: Set<Action> = [.createCertificateAuthority, .tagCertificateAuthority]

    /// IAM User Guide, "AWS global condition context keys", and the service authorization reference of AWS
    /// Private CA; those of `signet:` are Signet's own.
    private static let definitions: [Definition] = [
        Definition(
            "acm-pca:templatearn", .arn, { .templates(in: $0) }, in: issuing, always: issuing),
        Definition("aws:principalarn", .arn, { .principals(in: $0) }, always: every),
        Definition("aws:principalaccount", .text, .accounts, always: every),
        Definition("aws:principaltype", .text, .principalTypes, always: every),
        Definition("aws:principalorgid", .text, .organizations),
        Definition("aws:principaltag/", .any, .open),
        Definition("aws:currenttime", .moment, .moments, always: every),
        Definition("aws:epochtime", .number, .numbers(from: 0), always: every),
        // Always true, because data on a Unix socket does not leave the machine. AWS's recommended policies
        // use it and must be accepted unchanged.
        Definition("aws:securetransport", .boolean, .booleans([true, false]), always: every),
        Definition("aws:resourceaccount", .text, .accounts, always: every),
        Definition("aws:resourcetag/", .any, .open, in: aboutAuthority),
        Definition("aws:requesttag/", .any, .open, in: tagging),
        Definition(
            several: "aws:tagkeys", .text, .attributes(most: 128),
            in: tagging.union([.untagCertificateAuthority]),
            always: [.tagCertificateAuthority, .untagCertificateAuthority]),
        // Only AWS's services send them, with any operation.
        Definition("aws:sourcearn", .arn, .open),
        Definition("aws:sourceaccount", .text, .accounts),
        // The largest 32-bit number is not a user.
        Definition("signet:peeruid", .number, .numbers(from: 0, to: Int64(UInt32.max) - 1), always: every),
        Definition("signet:peerunit", .text, .units),
        Definition("signet:peerexecutable", .text, .paths),
        Definition(
            "signet:approvalcount", .number, .numbers(from: 0, to: Int64(Authorizer.mostApprovals)),
            always: every),
        Definition("signet:isca", .boolean, .booleans([true, false]), in: issuing),
        Definition("signet:validitydays", .number, .numbers(from: 0), in: issuing),
        Definition("signet:keyalgorithm", .text, .keyAlgorithms, in: issuing),
        Definition("signet:keysize", .number, .numbers(from: 1), in: issuing),
        Definition("signet:subject", .text, .open, in: issuing),
        Definition(several: "signet:dnsnames", .text, .dnsNames),
        Definition(several: "signet:ipaddresses", .address, .addresses),
        Definition(several: "signet:emailaddresses", .text, .mailboxes),
        Definition(several: "signet:uris", .text, .uris),
        Definition(several: "signet:directorynames", .text, .open),
        Definition(several: "signet:registeredids", .text, .objectIdentifiers),
        Definition(several: "signet:othernames", .text, .otherNames),
        Definition(several: "signet:subjectcommonname", .text, .attributes(most: 64)),
        Definition(several: "signet:subjectcountry", .text, .countries),
        Definition(several: "signet:subjectstate", .text, .attributes(most: 128)),
        Definition(several: "signet:subjectlocality", .text, .attributes(most: 128)),
        Definition(several: "signet:subjectorganization", .text, .attributes(most: 64)),
        Definition(several: "signet:subjectorganizationalunit", .text, .attributes(most: 64)),
        Definition(several: "signet:subjectserialnumber", .text, .attributes(most: 64)),
    ]

    /// The names of all keys, in lower case.
    static var names: [String] { definitions.map(\.name) }

    /// Keys that only AWS's services send. They are allowed only in statements that name a service: for other
    /// principals neither an Allow nor a Deny would ever apply.
    static let ofServices: Set<String> = ["aws:sourcearn", "aws:sourceaccount"]

    /// Whether a key (in lower case) has the same value in every request of one principal to one authority.
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
        return definitions.first { matches($0.name) }.map { Definition(key, of: $0) }
    }
}

extension ConditionOperator.Comparison {
    /// Whether the operator can compare values of this type.
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
