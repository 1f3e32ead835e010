public import Audit
public import Authorization
public import RecordKeeping
internal import Storage

/// Deletes a permission.
public struct DeletePermission: Sendable {
    let changes: AuthorityChanges

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.deletePermission
        public let certificateAuthority: ARN
        public let principal: String
        public let sourceAccount: String?

        public init(certificateAuthority: ARN, principal: String, sourceAccount: String?) {
            self.certificateAuthority = certificateAuthority
            self.principal = principal
            self.sourceAccount = sourceAccount
        }
    }

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        let account = request.sourceAccount ?? authorized.principal.arn.account
        return try await changes.change(request.certificateAuthority, call: call, statement: statement) {
            (record) throws(CAError) in
            guard record.permissions.contains(where: { $0.isHeld(by: request.principal, account) }) else {
                throw .permissionNotFound("\(request.principal) of \(account) has no permission")
            }
            record.permissions.removeAll { $0.isHeld(by: request.principal, account) }
        }
    }
}
