internal import Crypto
public import PKIX
internal import SwiftASN1
public import X509

extension Issuer {
    /// An authority's own CSR: its subject, its key, the request to be a CA, and further requested
    /// extensions.
    public static func prepareCertificationRequest(
        subject: DistinguishedName, publicKey: SubjectPublicKey, signingAlgorithm: SigningAlgorithm,
        extensions: [Certificate.Extension] = []
    ) throws(IssuanceError) -> PreparedCertificationRequest {
        do {
            var name = DER.Serializer()
            try name.serialize(subject)
            // As in AWS Private CA's CSRs: basicConstraints, critical, CA:TRUE without a path length.
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
