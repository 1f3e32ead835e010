public import Audit
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
        _ authorized: consuming Authorized<ListTags>, for call: APICall
    ) async throws(CAError) -> Audited<(tags: [(key: String, value: String)], nextToken: String?)> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: ListTags
    ) async throws(CAError) -> (tags: [(key: String, value: String)], nextToken: String?) {
        let tags = try await record(request.certificateAuthority).tags
        let (keys, token) = try request.page.page(of: tags.keys.sorted())
        return (keys.map { ($0, tags[$0] ?? "") }, token)
    }
}
