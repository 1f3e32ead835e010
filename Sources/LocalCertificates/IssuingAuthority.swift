internal import PKIX
internal import SwiftASN1
internal import X509

/// The authority that issues the certificates of a service.
public struct IssuingAuthority: Sendable {
    private let subject: [UInt8]
    private let publicKey: SubjectPublicKey

    /// - Parameter certificate: of the authority, in PEM
    /// - Returns: nil for a certificate that cannot be read
    public init?(certificate: String) {
        guard let der = try? PEM.block(Array(certificate.utf8), labels: PEM.certificate).contents,
            let fields = try? CertificateFields(derEncoded: der),
            let certificate = try? Certificate(derEncoded: der),
            let publicKey = try? SubjectPublicKey(certificate.publicKey)
        else { return nil }
        subject = Array(fields.subject)
        self.publicKey = publicKey
    }

    /// Whether it issued the certificate, by its name and its key. A newer certificate of the authority with
    /// the same key makes no difference.
    func isIssuer(of served: ServedCertificate) -> Bool {
        guard let fields = try? CertificateFields(derEncoded: served.encoded) else { return false }
        return fields.issuer.elementsEqual(subject) && fields.isSigned(by: publicKey)
    }
}
