public import Audit
public import Authorization
public import RecordKeeping
public import Storage

/// Lists waiting and ended requests for approval.
public struct ListApprovals: Sendable {
    let store: any ApprovalStore
    let approvals: ApprovalLookup
    let recorder: Recorder

    public struct Request: Authorizable {
        public static let action = Action.listApprovals
        public let resource = "*"
        /// Nil for all.
        public let status: ApprovalRecord.Status?
        /// The wanted number; a page has at most 100.
        public let limit: Int
        /// The token from the previous page.
        public let nextToken: String?

        public init(status: ApprovalRecord.Status?, limit: Int? = nil, nextToken: String? = nil) {
            self.status = status
            self.limit = min(limit ?? 100, 100)
            self.nextToken = nextToken
        }
    }

    /// A page, newest first, and the token of the next page if there is one.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<(page: [ApprovalSummary], nextToken: String?)> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            try await approvals.expireOverdue()
            do {
                if let token = request.nextToken, try await store.approval(token) == nil {
                    throw CAError.invalidNextToken
                }
                // One more than wanted, to know whether there is a next page.
                let found = try await store.approvals(
                    request.status, after: request.nextToken, limit: request.limit + 1)
                let page = Array(found.prefix(request.limit))
                return (page, found.count > page.count ? page.last?.id : nil)
            } catch let error as CAError { throw error } catch let error as StorageError {
                throw .storage(error)
            } catch { throw .invalidNextToken }
        }
    }
}
