public import Authorization
internal import Foundation
internal import JSON
internal import Storage
internal import Synchronization

extension CertificateAuthorities {
    /// What decides about a request beside the rulebook: whose the authority is, its own policy and its tags.
    public func resourceFacts<Request: Authorizable>(
        of request: Request
    ) async throws(CAError) -> ResourceFacts {
        guard let arn = ARN(request.resource) else {
            return ResourceFacts(owner: Request.belongsToRequester ? nil : naming.account)
        }
        do throws(CAError) { return try facts(of: try await record(arn)) } catch {
            switch error {
            // Nothing is remembered of it; the operation says so to a caller that is allowed to ask.
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

/// Policies of authorities, read once for as long as they stay the same.
final class ParsedPolicies: Sendable {
    private let known = Mutex<[String: (text: String, policy: Policy)]>([:])

    func policy(_ text: String, of authority: String) throws -> Policy {
        if let entry = known.withLock({ $0[authority] }), entry.text == text { return entry.policy }
        let policy = try Policy(
            storedResourcePolicy: try JSONValue(parsing: Data(text.utf8)), name: "policy of \(authority)")
        known.withLock { $0[authority] = (text, policy) }
        return policy
    }
}
