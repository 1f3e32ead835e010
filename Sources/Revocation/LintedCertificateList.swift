public import PKIX
public import Signing

/// A CRL that passed every lint and is ready to be signed. Only ``CertificateListBuilder`` makes one.
public struct LintedCertificateList: ~Copyable, Sendable {
    /// The exact octets that will be signed.
    public let tbsCertList: [UInt8]
    /// SHA-256 of ``tbsCertList``.
    public let digest: [UInt8]
    public let signingAlgorithm: SigningAlgorithm
    let issuer: ListIssuer
}

extension LintedCertificateList: Signable {
    public static var purpose: SigningPurpose { .certificateList }
    public var toBeSigned: [UInt8] { tbsCertList }
    public var signer: SubjectPublicKey { issuer.publicKey }
}
