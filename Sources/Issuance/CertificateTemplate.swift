internal import X509

/// What a template puts into a certificate. The table reads like AWS's own
/// (AWS Private CA User Guide, "AWS Private CA template definitions").
public struct CertificateTemplate: Sendable {
    /// Name and version, as the last part of the ARN: `EndEntityCertificate/V1`.
    public let name: String
    public let role: Role
    let basicConstraints: BasicConstraints
    let isBasicConstraintsCritical: Bool
    let keyUsage: KeyUsage
    let extendedKeyUsage: [ExtendedKeyUsage.Usage]

    public enum Role: Sendable, Hashable {
        /// Signed by its own key; no authority key identifier.
        case selfSignedAuthority
        case subordinateAuthority
        case endEntity
    }

    /// `arn:<partition>:acm-pca:::template/<name>`: region and account are empty (AWS Private CA User Guide).
    public func arn(partition: String) -> String { "arn:\(partition):acm-pca:::template/\(name)" }

    /// The template a request without one gets (API reference, IssueCertificate).
    public static let defaultName = "EndEntityCertificate/V1"

    private static let authorityKeyUsage = KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true)

    public static let all: [CertificateTemplate] = [
        CertificateTemplate(
            name: "EndEntityCertificate/V1", role: .endEntity,
            basicConstraints: .notCertificateAuthority, isBasicConstraintsCritical: false,
            keyUsage: KeyUsage(digitalSignature: true, keyEncipherment: true),
            extendedKeyUsage: [.serverAuth, .clientAuth]),
        CertificateTemplate(
            name: "RootCACertificate/V1", role: .selfSignedAuthority,
            basicConstraints: .isCertificateAuthority(maxPathLength: nil), isBasicConstraintsCritical: true,
            keyUsage: authorityKeyUsage, extendedKeyUsage: []),
        CertificateTemplate(
            name: "SubordinateCACertificate_PathLen0/V1", role: .subordinateAuthority,
            basicConstraints: .isCertificateAuthority(maxPathLength: 0), isBasicConstraintsCritical: true,
            keyUsage: authorityKeyUsage, extendedKeyUsage: []),
    ]
}
