public import PKIX
public import Signing

/// A certificate for an authorized request that passed every lint and is ready to be signed. Only
/// ``Issuer/prepare(_:by:serialNumber:at:)`` makes one.
public struct LintedCertificate: ~Copyable, Sendable {
    /// The exact bytes that will be signed.
    public let tbsCertificate: [UInt8]
    /// SHA-256 of ``tbsCertificate``.
    public let digest: [UInt8]
    public let serialNumber: [UInt8]
    /// The subject of the authority's certificate. For a certificate that its own key signs, its own subject.
    public let issuer: String
    public let subject: String
    public let notBefore: CivilTime
    public let notAfter: CivilTime
    public let templateARN: String
    /// Requested parts that are left out, each with the reason.
    public let ignored: [String]
    public let signingAlgorithm: SigningAlgorithm
    let authority: IssuingAuthority
}

extension LintedCertificate: Signable {
    public static var purpose: SigningPurpose { .certificate }
    public var toBeSigned: [UInt8] { tbsCertificate }
    public var signer: SubjectPublicKey { authority.subjectPublicKey }
}

/// The certificate that would be issued, for the officers that decide about the request.
public struct CertificatePreview: Sendable, Hashable {
    public let tbsCertificate: [UInt8]
    /// SHA-256 of ``tbsCertificate``.
    public let digest: [UInt8]
    public let notAfter: CivilTime
}

/// An authority's own certification request, ready to be signed.
public struct PreparedCertificationRequest: ~Copyable, Sendable {
    /// The exact bytes that will be signed.
    public let info: [UInt8]
    /// SHA-256 of ``info``.
    public let digest: [UInt8]
    public let signingAlgorithm: SigningAlgorithm
    /// The key in the request, which also signs it.
    public let signer: SubjectPublicKey
}

extension PreparedCertificationRequest: Signable {
    public static var purpose: SigningPurpose { .certificationRequest }
    public var toBeSigned: [UInt8] { info }
}
