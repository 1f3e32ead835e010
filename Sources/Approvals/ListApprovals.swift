public import Audit
public import Authorization
public import RecordKeeping
public import Storage

/// Lists requests that wait for officers, and those that did.
public struct ListApprovals: Sendable {
    let store: any ApprovalStore
    let approvals: ApprovalLookup
    let recorder: Recorder

    public struct Request: Authorizable {
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

    /// A page, the newest first, and the token of the next one if there is more.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<(page: [ApprovalSummary], nextToken: String?)> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            try await approvals.expireOverdue()
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
    }
}
