public import Audit
public import Authorization
public import PKIX
public import RecordKeeping
internal import Storage

/// Removes tags, with any value or only with the given value.
public struct UntagCertificateAuthority: Sendable {
    let changes: AuthorityChanges

    public struct Request: CertificateAuthorityRequest {
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

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await changes.change(request.certificateAuthority, call: call, statement: statement) {
            (record) throws(CAError) in
            for (key, value) in request.tags where value == nil || record.tags[key] == value {
                record.tags[key] = nil
            }
        }
    }
}
