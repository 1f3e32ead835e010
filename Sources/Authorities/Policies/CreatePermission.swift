public import Audit
public import Authorization
internal import Foundation
public import RecordKeeping
internal import Storage

/// Permits AWS Certificate Manager's service principal to issue for its renewals. No AWS service calls this
/// daemon; the permission is stored for clients that set it up.
public struct CreatePermission: Sendable {
    let changes: AuthorityChanges
    let naming: ARNNaming
    let clock: Clock

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.createPermission
        public let certificateAuthority: ARN
        public let principal: String
        public let sourceAccount: String?
        public let actions: [String]

        public init(certificateAuthority: ARN, principal: String, sourceAccount: String?, actions: [String]) {
            self.certificateAuthority = certificateAuthority
            self.principal = principal
            self.sourceAccount = sourceAccount
            self.actions = actions
        }
    }

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        let account = request.sourceAccount ?? authorized.principal.arn.account
        guard request.principal == "acm.amazonaws.com" else {
            throw .invalidArguments("the only principal a permission can have is acm.amazonaws.com")
        }
        guard account == naming.account else {
            throw .invalidArguments("a permission is for the authority's own account, \(naming.account)")
        }
        let permission = PermissionRecord(
            principal: request.principal, sourceAccount: account,
            actions: Array(Set(request.actions)).sorted(), createdAt: clock.now())
        return try await changes.change(request.certificateAuthority, call: call, statement: statement) {
            (record) throws(CAError) in
            guard !record.permissions.contains(where: { $0.isHeld(by: permission.principal, account) }) else {
                throw .permissionExists(
                    "\(permission.principal) of \(account) has a permission already; delete it first")
            }
            record.permissions.append(permission)
        }
    }
}
