internal import Authorization
internal import Foundation
internal import RecordKeeping
internal import Storage

/// Finds the earlier answer to a repeated request.
struct ClaimLookup: Sendable {
    let store: any AuthorityStore

    /// The earlier answer for the same token; nil for a new token. A token with a different request is
    /// refused, because the old ARN would be the wrong answer.
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

    /// Maps a refused claim of a token to an error. A concurrent request claimed the token first: either a
    /// different request, or the same one.
    func failure(_ error: StorageError, _ idempotency: IdempotencyKey?) -> CAError {
        if case .alreadyClaimed(let claim) = error, claim.requestDigest != idempotency?.requestDigest {
            return .invalidArguments(
                "the IdempotencyToken was used within five minutes for a different request")
        }
        return .storage(error)
    }
}
