public import Audit
public import Authorization
public import RecordKeeping

/// Lists authorities.
public struct ListCertificateAuthorities: Sendable {
    let pages: AuthorityPages
    let recorder: Recorder

    public struct Request: Authorizable {
        public static let action = Action.listCertificateAuthorities
        public let resource = "*"
        public static let belongsToRequester = true
        /// The wanted number; a page has at most 100 (API reference, MaxResults).
        public let limit: Int
        public let nextToken: String?

        public init(limit: Int?, nextToken: String?) {
            self.limit = min(limit ?? 100, 100)
            self.nextToken = nextToken
        }
    }

    /// A page in order of creation, and the token of the next page if there is one.
    /// - Parameter isShown: whether the caller may see an authority
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall,
        isShown: @Sendable (ARN, ResourceFacts) -> Bool
    ) async throws(CAError) -> Audited<(page: [CertificateAuthorityDetails], nextToken: String?)> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let (entries, nextToken) = try await pages.page(
                after: request.nextToken, limit: request.limit, isShown: isShown)
            return (entries.map(\.details), nextToken)
        }
    }
}
