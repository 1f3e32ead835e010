internal import Authorities
internal import Authorization
internal import Foundation
internal import PKIX
internal import RecordKeeping
internal import Revocation
internal import Storage

/// An authority for which OCSP requests are answered, as its record says.
struct StatusAuthority: Sendable {
    let id: String
    let arn: ARN
    let source: CertificateListSource
    /// How requests name it, by each hash function.
    let issuers: [CertificateID.Issuer]
    let revision: Int64

    /// Nil for an authority without a certificate.
    init?(_ record: CertificateAuthorityRecord, _ naming: ARNNaming) throws(CAError) {
        guard let source = try CertificateListSource(record) else { return nil }
        id = record.id
        arn = naming.certificateAuthority(record.id)
        self.source = source
        issuers = CertificateID.HashAlgorithm.allCases.map {
            CertificateID.Issuer($0, name: source.issuer.name, publicKey: source.issuer.publicKey)
        }
        revision = record.revision
    }

    /// Whether its status is answered: DISABLED keeps OCSP, and EXPIRED ends it (AWS Private CA User Guide,
    /// "Certificate authority states").
    static func isAnswering(_ record: CertificateAuthorityRecord, _ authority: Self, at now: Date) -> Bool {
        (record.status == .active || record.status == .disabled) && authority.source.notAfter > now
    }
}
