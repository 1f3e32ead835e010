internal import Authorization
internal import Foundation
internal import Storage

/// An `IdempotencyToken` and what it was sent with.
public struct IdempotencyKey: Sendable, Hashable {
    public let token: String
    /// SHA-256 of the request without the token, in hexadecimal.
    public let requestDigest: String

    public init(token: String, requestDigest: String) {
        self.token = token
        self.requestDigest = requestDigest
    }

    /// API reference: tokens of CreateCertificateAuthority and IssueCertificate are remembered for five
    /// minutes.
    static let lifetime: TimeInterval = 300

    /// Tokens belong to the principal who sent them.
    func claimKey(_ operation: String, _ principal: ARN) -> String { "\(operation) \(principal) \(token)" }

    func claim(_ key: String, answer: ARN, at time: Date) -> IdempotencyClaim {
        IdempotencyClaim(
            key: key, requestDigest: requestDigest, answer: answer.description, madeAt: time,
            expiresAt: time.addingTimeInterval(Self.lifetime))
    }
}

extension CertificateAuthorities {
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
    func claimFailure(_ error: StorageError, _ idempotency: IdempotencyKey?) -> CAError {
        if case .alreadyClaimed(let claim) = error, claim.requestDigest != idempotency?.requestDigest {
            return .invalidArguments(
                "the IdempotencyToken was used within five minutes for a different request")
        }
        return .storage(error)
    }
}
