internal import Approvals
internal import Audit
internal import AuditLog
internal import Authorities
internal import Authorization
internal import Foundation
internal import Publication

/// One operation while it is carried out for a caller.
struct OperationCall: Sendable {
    /// The call's event in the log.
    let event: APICall
    /// The unparsed input.
    let body: Data
    let requester: Requester
    let requestContext: RequestContext
    let context: APIContext

    var useCases: UseCases { context.useCases }
    var authorities: AuthorityUseCases { context.useCases.authorities }
    var approvals: ApprovalUseCases { context.useCases.approvals }
    var auditLog: AuditLogUseCases { context.useCases.auditLog }
    var publication: PublicationUseCases { context.useCases.publication }

    /// Authorizes the request that the operation made from its input.
    func authorize<Request: Authorizable>(_ request: Request) async throws -> Authorized<Request> {
        let facts = try await facts(request)
        let context = requestContext.authorizer.context(of: requester, request, about: facts)
        event.setContext(context)
        return try requestContext.authorizer.authorize(request, by: requester, about: facts, in: context)
    }

    /// Requires that a second action of the operation is allowed too.
    func requireAlso(_ request: some Authorizable) async throws {
        let facts = try await facts(request)
        let context = requestContext.authorizer.context(of: requester, request, about: facts)
        _ = try requestContext.authorizer.authorize(request, by: requester, about: facts, in: context)
            .statement
    }

    /// Whether policies deny a request, which is not recorded.
    func isDenied(_ request: some Authorizable) async -> Bool {
        do {
            try await requireAlso(request)
            return false
        } catch { return true }
    }

    /// Whether the caller would be allowed another request.
    /// - Parameter withApprovals: whether a request that needs approvals counts as allowed
    func isAllowed(
        _ request: some Authorizable, about facts: ResourceFacts, withApprovals: Bool = false
    ) -> Bool {
        let context = requestContext.authorizer.context(of: requester, request, about: facts)
        do throws(AccessDenied) {
            _ = try requestContext.authorizer.authorize(request, by: requester, about: facts, in: context)
                .statement
            return true
        } catch {
            if case .approvalsMissing = error.reason { return withApprovals }
            return false
        }
    }

    private func facts<Request: Authorizable>(_ request: Request) async throws(AccessDenied) -> ResourceFacts
    {
        do { return try await useCases.authorities.resources.facts(of: request) } catch {
            // Without these facts a `Deny` could be missed.
            throw AccessDenied(
                user: requester.principal.arn.description, action: Request.action, resource: request.resource,
                reason: .undecidable("what is known of the resource cannot be read"))
        }
    }
}
