internal import Authorities
internal import Foundation
internal import PKIX
internal import RecordKeeping
internal import Revocation
internal import Signing
internal import Storage
internal import SwiftASN1
internal import X509

/// What an authority's record says about the signatures on its CRLs and OCSP responses.
struct CertificateListSource: Sendable {
    let issuer: ListIssuer
    /// DER of its own certificate.
    let certificate: [UInt8]
    let key: KeyReference
    let notBefore: Date
    /// The end of the authority's certificate.
    let notAfter: Date
    /// The authority's name in the format of the log.
    let subjectText: String

    /// Nil for an authority without a certificate.
    init?(_ record: CertificateAuthorityRecord) throws(CAError) {
        guard let der = record.certificate, let spki = record.subjectPublicKeyInfo else { return nil }
        do {
            let certificate = try Certificate(derEncoded: der)
            let publicKey = try SubjectPublicKey(derEncoded: spki)
            issuer = ListIssuer(
                name: Array(try CertificateFields(derEncoded: der).subject), certificate: certificate,
                publicKey: publicKey, signingAlgorithm: record.signingAlgorithm)
            self.certificate = der
            key = KeyReference(
                record.keyAlgorithm, identifier: record.keyIdentifier, publicKey: publicKey,
                securityStandard: record.keyStorageSecurityStandard)
            notBefore = certificate.notValidBefore
            notAfter = certificate.notValidAfter
            subjectText = certificate.subject.rfc4514
        } catch { throw .storage(.corrupt("the certificate of the certificate authority \(record.id)")) }
    }
}
