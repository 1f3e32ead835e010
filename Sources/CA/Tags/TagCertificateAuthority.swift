public import Audit
public import Authorization
public import PKIX
internal import Storage

/// Adds tags, and replaces the values of those that are there.
public struct TagCertificateAuthority: CertificateAuthorityRequest {
    public static let action = Action.tagCertificateAuthority
    public let certificateAuthority: ARN
    public let tags: Tags

    public init(certificateAuthority: ARN, tags: Tags) {
        self.certificateAuthority = certificateAuthority
        self.tags = tags
    }

    public func conditionContext(at now: CivilTime) -> ConditionContext { tags.conditionContext }
}

/// Takes tags away: whatever their value, or only with the value given.
public struct UntagCertificateAuthority: CertificateAuthorityRequest {
    public static let action = Action.untagCertificateAuthority
    public let certificateAuthority: ARN
    public let tags: [String: String?]

    public init(certificateAuthority: ARN, tags: [String: String?]) {
        self.certificateAuthority = certificateAuthority
        self.tags = tags
    }

    public func conditionContext(at now: CivilTime) -> ConditionContext {
        var context = ConditionContext()
        context["aws:TagKeys"] = tags.keys.map { $0.lowercased() }.sorted()
        return context
    }
}

/// The most that can be said of an authority in tags.
public struct Tags: Sendable, Hashable {
    /// API reference, TooManyTagsException.
    static let limit = 50

    public let values: [String: String]

    /// - Throws: ``CAError/invalidTag(_:)`` for a key that is there twice, in any case: conditions compare keys without regard
    ///   to it; and for one that begins with `aws:`, which is AWS's own
    public init(_ list: [(key: String, value: String)]) throws(CAError) {
        var values: [String: String] = [:]
        for (key, value) in list {
            guard !key.lowercased().hasPrefix("aws:") else {
                throw .invalidTag("the tag key `\(key)` begins with `aws:`, which is reserved")
            }
            guard !values.keys.contains(where: { $0.lowercased() == key.lowercased() }) else {
                throw .invalidTag(
                    "the tag key `\(key)` is there twice; keys are told apart without regard to case")
            }
            values[key] = value
        }
        self.values = values
    }

    /// `aws:RequestTag/…` and `aws:TagKeys`
    public var conditionContext: ConditionContext {
        var context = ConditionContext()
        for (key, value) in values { context.set("aws:RequestTag/\(key)", value) }
        context["aws:TagKeys"] = values.keys.map { $0.lowercased() }.sorted()
        return context
    }
}

extension CertificateAuthorities {
    public func tagCertificateAuthority(
        _ authorized: consuming Authorized<TagCertificateAuthority>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await change(request.certificateAuthority, call: call, statement: statement) {
            (record) throws(CAError) in
            for (key, value) in request.tags.values {
                if let other = record.tags.keys.first(where: {
                    $0 != key && $0.lowercased() == key.lowercased()
                }) {
                    throw .invalidTag(
                        "the tag key `\(key)` differs from the authority's `\(other)` in case alone")
                }
                record.tags[key] = value
            }
            guard record.tags.count <= Tags.limit else {
                throw .tooManyTags("a certificate authority has at most \(Tags.limit) tags")
            }
        }
    }

    public func untagCertificateAuthority(
        _ authorized: consuming Authorized<UntagCertificateAuthority>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await change(request.certificateAuthority, call: call, statement: statement) {
            (record) throws(CAError) in
            for (key, value) in request.tags where value == nil || record.tags[key] == value {
                record.tags[key] = nil
            }
        }
    }
}
