internal import Authorization
internal import Foundation
internal import Storage

/// An `IdempotencyToken` and the digest of its request.
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

    /// Tokens belong to the principal that sent them.
    func claimKey(_ operation: String, _ principal: ARN) -> String { "\(operation) \(principal) \(token)" }

    func claim(_ key: String, answer: ARN, at time: Date) -> IdempotencyClaim {
        IdempotencyClaim(
            key: key, requestDigest: requestDigest, answer: answer.description, madeAt: time,
            expiresAt: time.addingTimeInterval(Self.lifetime))
    }
}
