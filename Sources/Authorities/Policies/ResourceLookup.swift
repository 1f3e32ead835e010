public import Authorization
public import RecordKeeping
internal import Storage

/// Finds the facts about an authority for authorization.
public struct ResourceLookup: Sendable {
    let authorities: AuthorityLookup
    let naming: ARNNaming
    let policies = ParsedPolicies()

    /// The facts that policies are evaluated with in addition to the rulebook: the authority's owner, policy
    /// and tags.
    public func facts<Request: Authorizable>(
        of request: Request
    ) async throws(CAError) -> ResourceFacts {
        guard let arn = ARN(request.resource) else {
            return ResourceFacts(owner: Request.belongsToRequester ? nil : naming.account)
        }
        do throws(CAError) { return try facts(of: try await authorities.record(arn)) } catch {
            switch error {
            // The authority does not exist. The operation reports that to a caller with permission.
            case .certificateAuthorityNotFound, .malformedARN: return ResourceFacts(owner: arn.account)
            default: throw error
            }
        }
    }

    func facts(of record: CertificateAuthorityRecord) throws(CAError) -> ResourceFacts {
        do {
            return ResourceFacts(
                owner: naming.account,
                policy: try record.policy.map { try policies.policy($0, of: record.id) },
                tags: record.tags)
        } catch { throw .storage(.corrupt("the policy of the certificate authority \(record.id)")) }
    }
}
