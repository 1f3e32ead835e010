public import Audit
public import Authorization
public import Storage

/// Shows requests that wait for officers, and those that did.
public struct ListApprovals: Authorizable {
    public static let action = Action.listApprovals
    public let resource = "*"
    /// Nil for all.
    public let status: ApprovalRecord.Status?
    /// How many are wanted; at most 100 come on a page.
    public let limit: Int
    /// Of the page before.
    public let nextToken: String?

    public init(status: ApprovalRecord.Status?, limit: Int? = nil, nextToken: String? = nil) {
        self.status = status
        self.limit = min(limit ?? 100, 100)
        self.nextToken = nextToken
    }
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
    /// A page, the newest first, and the token of the next one if there is more.
    public func listApprovals(
        _ authorized: consuming Authorized<ListApprovals>, for call: APICall
    ) async throws(CAError) -> Audited<(page: [ApprovalSummary], nextToken: String?)> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: ListApprovals
    ) async throws(CAError) -> (page: [ApprovalSummary], nextToken: String?) {
        try await expireApprovals()
        do {
            if let token = request.nextToken, try await store.approval(token) == nil {
                throw CAError.invalidNextToken
            }
            // One more than wanted tells whether there is a next page.
            let found = try await store.approvals(
                request.status, after: request.nextToken, limit: request.limit + 1)
            let page = Array(found.prefix(request.limit))
            return (page, found.count > page.count ? page.last?.id : nil)
        } catch let error as CAError { throw error } catch let error as StorageError {
            throw .storage(error)
        } catch { throw .invalidNextToken }
    }

    /// What is known of a request that waits. The caller of this function decides who may see it, by the authority it is about.
    public func approval(_ id: String) async throws(CAError) -> ApprovalRecord {
        let record: ApprovalRecord?
        do { record = try await store.approval(id) } catch { throw .storage(error) }
        guard let record else { throw .approvalNotFound(id) }
        return try await expired(record) ?? record
    }

    /// The template by which the certificate is made that a request is about; nil for other operations.
    public func templateARN(of approval: ApprovalRecord) async throws(CAError) -> String? {
        guard let serialNumber = approval.serialNumber else { return nil }
        do { return try await store.certificate(serialNumber: serialNumber)?.templateARN } catch {
            throw .storage(error)
        }
    }
}
