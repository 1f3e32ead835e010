internal import Crypto
public import PKIX
internal import SwiftASN1
public import X509

extension Issuer {
    /// The CSR of a certificate authority's own: its subject, its key, and the request to be a CA, with what else is
    /// to be asked for.
    public static func prepareCertificationRequest(
        subject: DistinguishedName, publicKey: SubjectPublicKey, signingAlgorithm: SigningAlgorithm,
        extensions: [Certificate.Extension] = []
    ) throws(IssuanceError) -> PreparedCertificationRequest {
        do {
            var name = DER.Serializer()
            try name.serialize(subject)
            // What AWS Private CA asks for in its CSRs: basicConstraints, critical, CA:TRUE without a path
            // length.
            let basic = BasicConstraints.isCertificateAuthority(maxPathLength: nil)
            let info = try CertificationRequestInfo(
                subject: name.serializedBytes, subjectPublicKeyInfo: publicKey.derBytes,
                extensions: [try Certificate.Extension(basic, critical: true)] + extensions
            ).derBytes()
            return PreparedCertificationRequest(
                info: info, digest: Array(SHA256.hash(data: info)), signingAlgorithm: signingAlgorithm,
                signer: publicKey)
        } catch {
            throw .encoding(parseReason(error))
        }
    }
}
