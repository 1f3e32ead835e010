public import Audit
public import Authorization
internal import Foundation
internal import JSON
public import Storage

/// Permits AWS Certificate Manager's service principal to issue for its renewals. No service asks here; clients that set it
/// up find what they set up.
public struct CreatePermission: CertificateAuthorityRequest {
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

public struct DeletePermission: CertificateAuthorityRequest {
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

public struct ListPermissions: CertificateAuthorityRequest {
    public static let action = Action.listPermissions
    public let certificateAuthority: ARN
    public let page: PageRequest

    public init(certificateAuthority: ARN, page: PageRequest) {
        self.certificateAuthority = certificateAuthority
        self.page = page
    }
}

extension CertificateAuthorities {
    public func createPermission(
        _ authorized: consuming Authorized<CreatePermission>, call: APICall
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
            actions: Array(Set(request.actions)).sorted(), createdAt: clock())
        return try await change(request.certificateAuthority, call: call, statement: statement) {
            (record) throws(CAError) in
            guard !record.permissions.contains(where: { $0.isHeld(by: permission.principal, account) }) else {
                throw .permissionExists(
                    "\(permission.principal) of \(account) has a permission already; delete it first")
            }
            record.permissions.append(permission)
        }
    }

    public func deletePermission(
        _ authorized: consuming Authorized<DeletePermission>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        let account = request.sourceAccount ?? authorized.principal.arn.account
        return try await change(request.certificateAuthority, call: call, statement: statement) {
            (record) throws(CAError) in
            guard record.permissions.contains(where: { $0.isHeld(by: request.principal, account) }) else {
                throw .permissionNotFound("\(request.principal) of \(account) has no permission")
            }
            record.permissions.removeAll { $0.isHeld(by: request.principal, account) }
        }
    }

    public func listPermissions(
        _ authorized: consuming Authorized<ListPermissions>, for call: APICall
    ) async throws(CAError) -> Audited<(permissions: [PermissionRecord], nextToken: String?)> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: ListPermissions
    ) async throws(CAError) -> (permissions: [PermissionRecord], nextToken: String?) {
        let permissions = try await record(request.certificateAuthority).permissions
        let (names, token) = try request.page.page(of: permissions.map(\.name).sorted())
        return (names.compactMap { name in permissions.first { $0.name == name } }, token)
    }
}

extension PermissionRecord {
    fileprivate func isHeld(by principal: String, _ account: String) -> Bool {
        self.principal == principal && sourceAccount == account
    }

    fileprivate var name: String { "\(principal) \(sourceAccount)" }

    /// What it comes to, written as a policy.
    public func policy(of authority: ARN) -> String {
        let statement: JSONValue = [
            "Effect": "Allow", "Principal": ["Service": .string(principal)],
            "Action": .array(actions.map { .string("acm-pca:\($0)") }),
            "Resource": .string(authority.description),
            "Condition": ["StringEquals": ["aws:SourceAccount": .string(sourceAccount)]],
        ]
        let document: JSONValue = ["Version": "2012-10-17", "Statement": [statement]]
        return String(decoding: document.encoded(), as: UTF8.self)
    }
}
