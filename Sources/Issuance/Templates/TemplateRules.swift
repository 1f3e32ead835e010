public import SwiftASN1

/// The rules of a custom template for requests, in addition to its extensions.
public struct TemplateRules: Sendable {
    /// The accepted kinds of keys; nil for every key that is not weak.
    public var keys: Set<SubjectKeyKind>?
    /// In order of their dates.
    public var longestValidities: [LongestValidity] = []
    /// How far ValidityNotBefore can precede issuance, in seconds; nil for the authority's limit.
    public var longestNotBefore: Int64?
    public var subject = SubjectRule()
    public var names = NamesRule()

    public init() {}

    /// A limit for certificates issued from a day on.
    public struct LongestValidity: Sendable, Hashable {
        /// Seconds since 1970. The limit applies to certificates issued at this time or later.
        public var from: Int64
        public var days: Int64

        public init(from: Int64, days: Int64) {
            self.from = from
            self.days = days
        }
    }

    /// The attributes of the subject.
    public struct SubjectRule: Sendable {
        public var required: Set<ASN1ObjectIdentifier> = []
        /// Nil for any.
        public var allowed: Set<ASN1ObjectIdentifier>?
        /// Attributes that must have this value if they are present.
        public var values: [ASN1ObjectIdentifier: String] = [:]

        public init() {}
    }

    /// The subject alternative names. If any form has patterns, names of forms without patterns are refused.
    public struct NamesRule: Sendable {
        public var isRequired = false
        public var most: Int?
        /// Whether a DNS name may be a wildcard.
        public var allowsWildcards = true
        /// Nil for no rule about the forms. In a pattern, `*` matches anything within a label, and `**`
        /// anything.
        /// anything.
        public var patterns: [Form: [String]]?

        public init() {}
    }

    public enum Form: String, Sendable, Hashable, CaseIterable {
        case dns
        case ip
        case email
        case uri
    }
}

/// The kinds of keys that a certificate can have.
public enum SubjectKeyKind: String, Sendable, Hashable, CaseIterable {
    case rsa2048 = "RSA_2048"
    case rsa3072 = "RSA_3072"
    case rsa4096 = "RSA_4096"
    case p256 = "EC_prime256v1"
    case p384 = "EC_secp384r1"
    case p521 = "EC_secp521r1"
    case ed25519 = "ED25519"
}
