public import Audit
public import Authorization
public import PKIX
public import RecordKeeping
internal import Storage

/// Adds tags, and replaces the values of existing ones.
public struct TagCertificateAuthority: Sendable {
    let changes: AuthorityChanges

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.tagCertificateAuthority
        public let certificateAuthority: ARN
        public let tags: Tags

        public init(certificateAuthority: ARN, tags: Tags) {
            self.certificateAuthority = certificateAuthority
            self.tags = tags
        }

        public func conditionContext(at now: CivilTime) -> ConditionContext { tags.conditionContext }
    }

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await changes.change(request.certificateAuthority, call: call, statement: statement) {
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
}
