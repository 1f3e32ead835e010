public import Audit
internal import PKIX
internal import X509

extension Issuer {
    /// Has the key sign what was linted and recorded, and nothing else: the intent must be for these very
    /// bytes and this key. Both permits are used up, whatever comes of it.
    /// - Returns: the DER of the certificate
    public static func sign(
        _ certificate: consuming LintedCertificate, _ permit: consuming RecordedIntent, with key: SigningKey
    ) async throws -> [UInt8] {
        guard permit.intent.digest == certificate.digest, permit.intent.keyIdentifier == key.identifier,
            key.publicKey == certificate.authority.pinnedKey
        else { throw IssuanceError.permitDoesNotFit }
        return try await sign(certificate.tbsCertificate, certificate.signingAlgorithm, key)
    }

    /// The same for a certificate authority's own request.
    /// - Returns: the DER of the certification request
    public static func sign(
        _ request: consuming PreparedCertificationRequest, _ permit: consuming RecordedIntent,
        with key: SigningKey
    ) async throws -> [UInt8] {
        guard permit.intent.digest == request.digest, permit.intent.keyIdentifier == key.identifier else {
            throw IssuanceError.permitDoesNotFit
        }
        return try await sign(request.info, request.signingAlgorithm, key)
    }

    private static func sign(
        _ bytes: [UInt8], _ algorithm: SigningAlgorithm, _ key: SigningKey
    ) async throws -> [UInt8] {
        let signature = try await key.privateKey.signAsynchronously(
            bytes: bytes, signatureAlgorithm: algorithm.signatureAlgorithm)
        return SignedObject.assemble(
            tbs: bytes, algorithm: algorithm, signature: signature.rawRepresentation)
    }
}
