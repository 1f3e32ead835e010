public import Audit
public import Authorization
public import RecordKeeping
internal import Storage

/// Lists an authority's tags.
public struct ListTags: Sendable {
    let authorities: AuthorityLookup
    let recorder: Recorder

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.listTags
        public let certificateAuthority: ARN
        public let page: PageRequest

        public init(certificateAuthority: ARN, page: PageRequest) {
            self.certificateAuthority = certificateAuthority
            self.page = page
        }
    }

    /// Tags in the order of their keys.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<(tags: [(key: String, value: String)], nextToken: String?)> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let tags = try await authorities.record(request.certificateAuthority).tags
            let (keys, token) = try request.page.page(of: tags.keys.sorted())
            return (keys.map { ($0, tags[$0] ?? "") }, token)
        }
    }
}
