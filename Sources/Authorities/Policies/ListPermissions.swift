public import Audit
public import Authorization
public import RecordKeeping
public import Storage

/// Lists an authority's permissions.
public struct ListPermissions: Sendable {
    let authorities: AuthorityLookup
    let recorder: Recorder

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.listPermissions
        public let certificateAuthority: ARN
        public let page: PageRequest

        public init(certificateAuthority: ARN, page: PageRequest) {
            self.certificateAuthority = certificateAuthority
            self.page = page
        }
    }

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<(permissions: [PermissionRecord], nextToken: String?)> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let permissions = try await authorities.record(request.certificateAuthority).permissions
            let (names, token) = try request.page.page(of: permissions.map(\.name).sorted())
            return (names.compactMap { name in permissions.first { $0.name == name } }, token)
        }
    }
}
