public import Authorization
internal import Storage

public struct ListTags: CertificateAuthorityRequest {
    public static let action = Action.listTags
    public let certificateAuthority: ARN
    public let page: PageRequest

    public init(certificateAuthority: ARN, page: PageRequest) {
        self.certificateAuthority = certificateAuthority
        self.page = page
    }
}

extension CertificateAuthorities {
    /// Tags in the order of their keys.
    public func listTags(
        _ authorized: consuming Authorized<ListTags>
    ) async throws(CAError) -> (tags: [(key: String, value: String)], nextToken: String?) {
        let request = authorized.request
        let tags = try await record(request.certificateAuthority).tags
        let (keys, token) = try request.page.page(of: tags.keys.sorted())
        return (keys.map { ($0, tags[$0] ?? "") }, token)
    }
}
