public import Authorization
public import Storage

/// Shows requests that wait for officers, and those that did.
public struct ListApprovals: Authorizable {
    public static let action = Action.listApprovals
    public let resource = "*"
    /// Nil for all.
    public let status: ApprovalRecord.Status?

    public init(status: ApprovalRecord.Status?) { self.status = status }
}

public struct GetApproval: Authorizable {
    public static let action = Action.getApproval
    /// What the request that waits is about.
    public let resource: String

    public init(resource: String) { self.resource = resource }
}

/// One officer's word for exactly what has the digest.
public struct ApproveRequest: Authorizable {
    public static let action = Action.approveRequest
    public let resource: String
    public let id: String
    /// SHA-256, in hexadecimal: of what the officer looked at.
    public let digest: String

    public init(resource: String, id: String, digest: String) {
        self.resource = resource
        self.id = id
        self.digest = digest
    }
}

public struct RejectRequest: Authorizable {
    public static let action = Action.rejectRequest
    public let resource: String
    public let id: String
    public let reason: String

    public init(resource: String, id: String, reason: String) {
        self.resource = resource
        self.id = id
        self.reason = reason
    }
}

extension CertificateAuthorities {
    public func listApprovals(
        _ authorized: consuming Authorized<ListApprovals>
    ) async throws(CAError) -> [ApprovalRecord] {
        let status = authorized.request.status
        try await expireApprovals()
        do { return try await store.approvals(status) } catch { throw .storage(error) }
    }

    /// What is known of a request that waits. Who may see it is the caller's to judge: by the authority it is about.
    public func approval(_ id: String) async throws(CAError) -> ApprovalRecord {
        let record: ApprovalRecord?
        do { record = try await store.approval(id) } catch { throw .storage(error) }
        guard let record else { throw .approvalNotFound(id) }
        return try await expired(record) ?? record
    }
}
