public import PKIX
public import Signing

/// A certificate that was prepared for an authorized request and passed every lint, waiting for its
/// signature. Only ``Issuer/prepare(_:by:serialNumber:at:)`` makes one.
public struct LintedCertificate: ~Copyable, Sendable {
    /// The exact bytes that will be signed.
    public let tbsCertificate: [UInt8]
    /// SHA-256 of ``tbsCertificate``.
    public let digest: [UInt8]
    public let serialNumber: [UInt8]
    /// The name the authority's certificate has; of one that signs itself, its own.
    public let issuer: String
    public let subject: String
    public let notBefore: CivilTime
    public let notAfter: CivilTime
    public let templateARN: String
    /// What the request asked for and does not get, each with the reason.
    public let ignored: [String]
    public let signingAlgorithm: SigningAlgorithm
    let authority: IssuingAuthority
}

extension LintedCertificate: Signable {
    public static var purpose: SigningPurpose { .certificate }
    public var toBeSigned: [UInt8] { tbsCertificate }
    public var signer: SubjectPublicKey { authority.subjectPublicKey }
}

/// What a certificate would be, for people who decide whether it is to be.
public struct CertificatePreview: Sendable, Hashable {
    public let tbsCertificate: [UInt8]
    /// SHA-256 of ``tbsCertificate``.
    public let digest: [UInt8]
    public let notAfter: CivilTime
}

/// A certification request of a certificate authority's own, waiting for its signature.
public struct PreparedCertificationRequest: ~Copyable, Sendable {
    /// The exact bytes that will be signed.
    public let info: [UInt8]
    /// SHA-256 of ``info``.
    public let digest: [UInt8]
    public let signingAlgorithm: SigningAlgorithm
    /// The key that is requested for, which signs the request itself.
    public let signer: SubjectPublicKey
}

extension PreparedCertificationRequest: Signable {
    public static var purpose: SigningPurpose { .certificationRequest }
    public var toBeSigned: [UInt8] { info }
}
