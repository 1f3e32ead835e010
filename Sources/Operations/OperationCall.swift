internal import Approvals
internal import Audit
internal import AuditLog
internal import Authorities
internal import Authorization
internal import Foundation
internal import Publication

/// One operation while it is carried out for a caller.
struct OperationCall: Sendable {
    /// What the log will say of it.
    let event: APICall
    /// Its input, as it came.
    let body: Data
    let requester: Requester
    let requestContext: RequestContext
    let context: APIContext

    var useCases: UseCases { context.useCases }
    var authorities: AuthorityUseCases { context.useCases.authorities }
    var approvals: ApprovalUseCases { context.useCases.approvals }
    var auditLog: AuditLogUseCases { context.useCases.auditLog }
    var publication: PublicationUseCases { context.useCases.publication }

    /// Judges the request the operation makes of its input.
    func authorize<Request: Authorizable>(_ request: Request) async throws -> Authorized<Request> {
        let facts = try await facts(request)
        let context = requestContext.authorizer.context(of: requester, request, about: facts)
        event.note(context)
        return try requestContext.authorizer.authorize(request, by: requester, about: facts, in: context)
    }

    /// Refuses an operation that needs a second action, unless that is allowed too.
    func requireAlso(_ request: some Authorizable) async throws {
        let facts = try await facts(request)
        let context = requestContext.authorizer.context(of: requester, request, about: facts)
        _ = try requestContext.authorizer.authorize(request, by: requester, about: facts, in: context)
            .statement
    }

    /// Whether the caller would be allowed another request.
    /// - Parameter withApprovals: whether one that officers would have to approve counts
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
            // Without them a denial could be missed.
            throw AccessDenied(
                user: requester.principal.arn.description, action: Request.action, resource: request.resource,
                reason: .undecidable("what is known of the resource cannot be read"))
        }
    }
}
