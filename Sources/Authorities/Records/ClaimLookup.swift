internal import Authorization
internal import Foundation
internal import RecordKeeping
internal import Storage

/// Finds what a repeated request was answered with.
struct ClaimLookup: Sendable {
    let store: any AuthorityStore

    /// What the same token was answered with before; nil when it is new. A token that comes with another
    /// request is refused: answering it with the old ARN would hand out something that was not asked for.
    func earlierAnswer(
        _ key: String, _ idempotency: IdempotencyKey, at time: Date
    ) async throws(CAError) -> ARN? {
        let claim: IdempotencyClaim?
        do { claim = try await store.idempotencyClaim(key: key, at: time) } catch { throw .storage(error) }
        guard let claim else { return nil }
        guard claim.requestDigest == idempotency.requestDigest else {
            throw .invalidArguments(
                "the IdempotencyToken was used within five minutes for a different request")
        }
        guard let arn = ARN(claim.answer) else { throw .storage(.corrupt("an idempotency claim")) }
        return arn
    }

    /// What a refused claim comes to: another request was first with the same token a moment ago, or it is
    /// the same request twice.
    func failure(_ error: StorageError, _ idempotency: IdempotencyKey?) -> CAError {
        if case .alreadyClaimed(let claim) = error, claim.requestDigest != idempotency?.requestDigest {
            return .invalidArguments(
                "the IdempotencyToken was used within five minutes for a different request")
        }
        return .storage(error)
    }
}
