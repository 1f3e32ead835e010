internal import Approvals
internal import Audit
internal import Authorities
internal import Authorization
internal import Foundation
internal import RecordKeeping
internal import Storage
internal import WireAPI

enum ApprovalOperations {
    static let all: [Endpoint] = [
        listApprovals, getApproval, approveRequest, rejectRequest,
    ]

    static let listApprovals = Endpoint(ListApprovalsOperation.self) { input, call in
        let request = ListApprovals.Request(
            status: input.status.flatMap(ApprovalRecord.Status.init), limit: input.maxResults,
            nextToken: input.nextToken)
        let authorized = try await call.authorize(request)
        return try await call.approvals.listApprovals(authorized, for: call.event).map { page, nextToken in
            .init(approvals: page.map { ApprovalShape($0, content: nil) }, nextToken: nextToken)
        }
    }

    static let getApproval = Endpoint(GetApprovalOperation.self) { input, call in
        let record = try await call.waitingRequest(input.id) { GetApproval.Request(resource: $0) }
        let authorized = try await call.authorize(GetApproval.Request(resource: record.resource))
        let template = try await call.approvals.lookup.templateARN(of: record)
        return try await call.useCases.recorder.answer(
            .init(approval: ApprovalShape(record, templateARN: template)), to: call.event,
            allowedBy: authorized.statement)
    }

    static let approveRequest = Endpoint(ApproveRequestOperation.self) { input, call in
        let (id, digest) = (input.id, input.digest.lowercased())
        @Sendable func request(_ resource: String) -> ApproveRequest.Request {
            ApproveRequest.Request(resource: resource, id: id, digest: digest)
        }
        let waiting = try await call.waitingRequest(id) { request($0) }
        let authorized = try await call.authorize(request(waiting.resource))
        let facts = try await call.authorities.resources.facts(of: request(waiting.resource))
        return try await call.approvals.approveRequest(
            authorized, caller: call.requester.caller,
            isStillAllowed: { call.isStillAllowed($0, request(waiting.resource), facts) }, call: call.event
        ).map { record in
            guard record.status == .approved else { return .init(approval: ApprovalShape(record)) }
            let counted = record.approvals.count { call.isStillAllowed($0, request(record.resource), facts) }
            return .init(approval: ApprovalShape(try await call.carryOut(record, approvals: counted)))
        }
    }

    static let rejectRequest = Endpoint(RejectRequestOperation.self) { input, call in
        func request(_ resource: String) -> RejectRequest.Request {
            RejectRequest.Request(resource: resource, id: input.id, reason: input.reason ?? "")
        }
        let waiting = try await call.waitingRequest(input.id) { request($0) }
        let authorized = try await call.authorize(request(waiting.resource))
        return try await call.approvals.rejectRequest(authorized, call: call.event).map { record in
            .init(approval: ApprovalShape(record))
        }
    }
}

extension OperationCall {
    /// Finds a waiting request. A caller without permission for any request does not learn which ids exist.
    fileprivate func waitingRequest<Request: Authorizable>(
        _ id: String, _ request: (_ resource: String) -> Request
    ) async throws -> ApprovalRecord {
        do { return try await useCases.approvals.lookup.approval(id) } catch {
            guard case .approvalNotFound = error else { throw error }
            _ = try await authorize(request("*")).statement
            throw error
        }
    }

    /// Whether the officer still maps to its principal and may still approve this request.
    fileprivate func isStillAllowed(
        _ approval: ApprovalRecord.Approval, _ request: ApproveRequest.Request, _ facts: ResourceFacts
    ) -> Bool {
        let authorizer = requestContext.authorizer
        guard let caller = try? JSONDecoder().decode(Caller.self, from: approval.peer),
            case .principal(let principal) = authorizer.rulebook.principals.identify(caller),
            principal.arn.description == approval.principal
        else { return false }
        let officer = Requester(principal, caller)
        let context = authorizer.context(of: officer, request, about: facts)
        do throws(AccessDenied) {
            _ = try authorizer.authorize(request, by: officer, about: facts, in: context).statement
            return true
        } catch { return false }
    }

    /// Carries out an approved request for its requester, if the policies allow it with these approvals.
    fileprivate func carryOut(_ record: ApprovalRecord, approvals: Int) async throws -> ApprovalRecord {
        let authorizer = requestContext.authorizer
        // The requester must still have its principal, by the facts of the process that asked.
        guard let caller = try? JSONDecoder().decode(Caller.self, from: record.peer),
            case .principal(let principal) = authorizer.rulebook.principals.identify(caller),
            principal.arn.description == record.requester,
            let endpoint = Endpoint.byName[record.operation.name]
        else {
            return try await useCases.approvals.concludeApproval(
                of: record, failure: "the requester no longer has the principal of the request",
                requestID: nil)
        }
        guard record.operation.version == ApprovalRecord.Operation.currentVersion else {
            return try await useCases.approvals.concludeApproval(
                of: record, failure: "this version of the daemon cannot read the request; ask again",
                requestID: nil)
        }
        let requester = Requester(principal, caller, approvals: approvals)
        let requestContext = RequestContext(carryingOut: record, for: requester, under: authorizer)
        var failure: String?
        do {
            _ = try await endpoint.handle(record.operation.input, requester, requestContext, context)
        } catch {
            let refusal = await context.refuse(error, requestContext)
            // An operation that was carried out and only cannot be answered has not failed.
            failure = error is AnswerFailure ? nil : refusal.message
        }
        return try await useCases.approvals.concludeApproval(
            of: record, failure: failure, requestID: requestContext.requestID)
    }
}

extension ApprovalShape {
    fileprivate init(_ record: ApprovalRecord, templateARN: String? = nil) {
        self.init(ApprovalSummary(record), templateARN: templateARN, content: Blob(record.content))
    }

    fileprivate init(_ record: ApprovalSummary, templateARN: String? = nil, content: Blob?) {
        self.init(
            id: record.id, operation: Endpoint.byName[record.operation]?.target ?? record.operation,
            resource: record.resource, requester: record.requester,
            digest: record.digest, needed: record.needed,
            approvals: record.approvals.map {
                .init(principal: $0.principal, uid: $0.uid, approvedAt: $0.time)
            }, status: record.status.rawValue, outcome: record.outcome, createdAt: record.createdAt,
            expiresAt: record.expiresAt,
            certificateArn: record.serialNumber.map { "\(record.resource)/certificate/\($0)" },
            templateArn: templateARN, content: content)
    }
}
