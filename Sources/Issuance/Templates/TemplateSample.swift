internal import Crypto
internal import PKIX
internal import SwiftASN1
internal import X509

extension CertificateTemplate {
    /// The fault of every certificate of this template: the linter's findings on a sample, or the reason that
    /// it cannot be made.
    public var faults: [String] {
        do { return try sampleFindings().map(\.description) } catch {
            return ["it makes no certificate: the same extension or purpose may be there twice"]
        }
    }

    private func sampleFindings() throws -> [LintFinding] {
        let key = try SubjectPublicKey(.init(P256.Signing.PrivateKey().publicKey))
        let name = try DistinguishedName { CommonName("Sample") }
        var serializer = DER.Serializer()
        try serializer.serialize(name)
        guard let start = CivilTime(secondsSinceEpoch: 0), let end = CivilTime(secondsSinceEpoch: 86_400)
        else {
            return []
        }
        // Parts that the template leaves to the request are valid in the sample.
        var sample = content
        sample.keyUsage =
            content.keyUsage ?? KeyUsage(digitalSignature: true, keyCertSign: role != .endEntity)
        var extensions = try sample.extensions
        extensions.insert(
            contentsOf: [
                try Certificate.Extension(AuthorityKeyIdentifier(keyIdentifier: [1]), critical: false),
                try Certificate.Extension(SubjectKeyIdentifier(keyIdentifier: [2]), critical: false),
            ], at: 1)
        let tbs = try TBSCertificate(
            serialNumber: [UInt8](repeating: 0x11, count: 16), signatureAlgorithm: .sha256WithECDSA,
            issuer: serializer.serializedBytes, notBefore: start, notAfter: end,
            subject: serializer.serializedBytes, subjectPublicKeyInfo: key.derBytes,
            extensions: extensions
        ).derBytes()
        let unsigned = SignedObject.assemble(
            tbs: tbs, algorithm: .sha256WithECDSA,
            signature: [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01])
        return Linter.findings(sample: unsigned)
    }
}
