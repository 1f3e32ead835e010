internal import CA
internal import HSM
internal import Issuance
internal import JSON
internal import PKIX
internal import TokenProtocol
internal import X509

/// Gives the certificate authorities their keys: the seam between the use cases and the token.
struct TokenCustody: KeyCustody {
    let token: Token
    let keyStorageSecurityStandard: String?

    func generateKeyPair(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], label: String
    ) async throws -> GeneratedKey {
        let key = try await token.generateKeyPair(algorithm, identifier: identifier, label: label)
        return GeneratedKey(publicKey: key.publicKey, evidence: Self.json(key.evidence))
    }

    func signingKey(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], publicKey: Certificate.PublicKey
    ) async throws -> SigningKey {
        SigningKey(
            identifier: identifier,
            privateKey: try await token.privateKey(algorithm, identifier: identifier, pinned: publicKey))
    }

    private static func json(_ evidence: KeyEvidence) -> JSONValue {
        let attributes = evidence.readings.map { ($0.name, JSONValue.string($0.found)) }
        return [
            "verdict": .string("\(evidence.verdict)"),
            "attributes": .object(Dictionary(attributes) { _, last in last }),
        ]
    }
}
