import Crypto
import Foundation
import PKIX
import SwiftASN1
import X509

/// An authority of no daemon, above one of a scenario.
struct OfflineRoot: Sendable {
    let key = P256.Signing.PrivateKey()
    private let name = try? DistinguishedName { CommonName("offline") }

    private func certificate(
        _ subject: DistinguishedName, _ publicKey: Certificate.PublicKey, pathLength: Int, at time: Date
    ) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: .init(bytes: [UInt8](repeating: 0x5A, count: 16)),
            publicKey: publicKey,
            notValidBefore: time - 3600, notValidAfter: time + 5 * 365 * 86_400, issuer: name ?? .init(),
            subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: pathLength))
                SubjectKeyIdentifier(
                    keyIdentifier: KeyIdentifier.sha1(of: try SubjectPublicKey(publicKey))[...])
                AuthorityKeyIdentifier(
                    keyIdentifier: KeyIdentifier.sha1(
                        of: try SubjectPublicKey(.init(key.publicKey)))[...])
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            }, issuerPrivateKey: .init(key))
    }

    func own(at time: Date) throws -> Certificate {
        try certificate(name ?? .init(), .init(key.publicKey), pathLength: 1, at: time)
    }

    func certificate(for csr: CertificateSigningRequest, at time: Date) throws -> Certificate {
        try certificate(csr.subject, csr.publicKey, pathLength: 0, at: time)
    }

    /// DER of a CRL.
    func list(
        number: [UInt8] = [1], from begin: Date, days: Double = 30,
        signedBy signer: P256.Signing.PrivateKey? = nil
    ) throws -> [UInt8] {
        var issuer = DER.Serializer()
        try issuer.serialize(name ?? .init())
        let (start, end) = (CivilTime(begin), CivilTime(begin + days * 86_400))
        guard let start, let end else { throw SyntaxFault(place: "list", problem: "has no time") }
        let tbs = try TBSCertificateList(
            signatureAlgorithm: .sha256WithECDSA, issuer: issuer.serializedBytes, thisUpdate: start,
            nextUpdate: end, revoked: RevokedCertificates(),
            authorityKeyIdentifier: KeyIdentifier.sha1(of: try SubjectPublicKey(.init(key.publicKey))),
            number: number
        ).derBytes()
        let signature = try (signer ?? key).signature(for: tbs).derRepresentation
        return SignedObject.assemble(tbs: tbs, algorithm: .sha256WithECDSA, signature: Array(signature))
    }
}
