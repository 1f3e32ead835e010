internal import Crypto
public import PKIX
public import Signing

/// The contents of an OCSP response.
public struct OCSPResponseContents: Sendable {
    public var producedAt: CivilTime
    public var responses: [SingleResponse]
    /// The value of the request's nonce extension; nil for none.
    public var nonce: [UInt8]?
    /// Whether certificates that were never issued are called revoked.
    public var hasExtendedRevoked: Bool

    public init(
        producedAt: CivilTime, responses: [SingleResponse], nonce: [UInt8]? = nil,
        hasExtendedRevoked: Bool = false
    ) {
        self.producedAt = producedAt
        self.responses = responses
        self.nonce = nonce
        self.hasExtendedRevoked = hasExtendedRevoked
    }
}

/// The rules that a response or a responder's certificate breaks, so that it is not signed.
public struct StatusLintFault: Error, Sendable, CustomStringConvertible {
    public let findings: [String]

    public var description: String {
        "what was to be signed breaks a rule: \(findings.joined(separator: "; "))"
    }
}

/// Builds and lints OCSP responses. Pure: it reads no clock, no store and no token.
public enum OCSPResponseBuilder {
    public static func prepare(
        _ contents: OCSPResponseContents, by signer: StatusSigner
    ) throws(StatusLintFault) -> LintedOCSPResponse {
        let tbs = ResponseData(
            responderKeyHash: signer.keyHash, producedAt: contents.producedAt,
            responses: contents.responses, nonce: contents.nonce,
            hasExtendedRevoked: contents.hasExtendedRevoked
        ).derBytes
        let findings = OCSPResponseLint.findings(tbs, by: signer)
        guard findings.isEmpty else { throw StatusLintFault(findings: findings) }
        return LintedOCSPResponse(
            tbsResponseData: tbs, digest: Array(SHA256.hash(data: tbs)), statusSigner: signer)
    }
}

/// An OCSP response that passed every lint and is ready to be signed. Only ``OCSPResponseBuilder`` makes one.
public struct LintedOCSPResponse: ~Copyable, Sendable {
    /// The exact octets that will be signed.
    public let tbsResponseData: [UInt8]
    /// SHA-256 of ``tbsResponseData``.
    public let digest: [UInt8]
    let statusSigner: StatusSigner
}

extension LintedOCSPResponse: Signable {
    public static var purpose: SigningPurpose { .ocspResponse }
    public var toBeSigned: [UInt8] { tbsResponseData }
    public var signer: SubjectPublicKey { statusSigner.publicKey }
    public var signingAlgorithm: SigningAlgorithm { statusSigner.signingAlgorithm }
}
