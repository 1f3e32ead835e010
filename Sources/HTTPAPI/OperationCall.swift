internal import Audit
internal import Authorization
internal import CA

/// What every operation works with.
struct Workshop: Sendable {
    let authorities: CertificateAuthorities
    let policy: PolicyInForce
}

/// One operation while it is carried out for somebody.
struct OperationCall: Sendable {
    /// What the log will say of it.
    let event: APICall
    let requester: Requester
    let exchange: Exchange
    let workshop: Workshop

    var authorities: CertificateAuthorities { workshop.authorities }

    /// Judges the request the operation makes of its input.
    func authorize<Request: Authorizable>(_ request: Request) async throws -> Authorized<Request> {
        let facts: ResourceFacts
        do { facts = try await authorities.resourceFacts(of: request) } catch {
            // Without them a denial could be missed.
            throw AccessDenied(
                user: requester.principal.arn.description, action: Request.action, resource: request.resource,
                reason: .undecidable("what is known of the resource cannot be read"))
        }
        let context = exchange.authorizer.context(of: requester, request, about: facts)
        event.note(context)
        return try exchange.authorizer.authorize(request, by: requester, about: facts, in: context)
    }
}
