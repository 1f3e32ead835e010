import Crypto
import Foundation
import LocalCertificates
import SwiftASN1
import X509

/// A root and an intermediate that issue what is asked of them.
struct TestAuthority {
    private let root: Certificate
    private let intermediate: Certificate
    private let rootKey: Certificate.PrivateKey
    private let key: Certificate.PrivateKey
    /// Whether the names of requests are left out.
    var ignoresNames = false

    init(intermediateName: String = "Intermediate") throws {
        rootKey = Certificate.PrivateKey(P256.Signing.PrivateKey())
        key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let (rootName, name) = (
            try DistinguishedName { CommonName("Root") },
            try DistinguishedName { CommonName(intermediateName) }
        )
        root = try Self.certificate(of: rootName, rootKey.publicKey, by: rootName, rootKey)
        intermediate = try Self.certificate(of: name, key.publicKey, by: rootName, rootKey)
    }

    private static func certificate(
        of subject: DistinguishedName, _ key: Certificate.PublicKey, by issuer: DistinguishedName,
        _ issuerKey: Certificate.PrivateKey
    ) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key, notValidBefore: .now - 60,
            notValidAfter: .now + 864_000, issuer: issuer, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try .init {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            }, issuerPrivateKey: issuerKey)
    }

    /// Another certificate of the intermediate, with the same name and key.
    var newerPEM: String {
        get throws {
            try Self.certificate(of: intermediate.subject, key.publicKey, by: root.subject, rootKey)
                .serializeAsPEM().pemString
        }
    }

    var intermediatePEM: String { get throws { try intermediate.serializeAsPEM().pemString } }
    var rootPEM: String { get throws { try root.serializeAsPEM().pemString } }

    /// - Parameter seconds: from now to the certificate's end
    func issue(_ request: String, seconds: TimeInterval) throws -> IssuedChain {
        let request = try CertificateSigningRequest(pemEncoded: request)
        let asked = try request.attributes.extensionRequest?.extensions.subjectAlternativeNames
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: request.publicKey, notValidBefore: .now - 60,
            notValidAfter: .now + seconds, issuer: intermediate.subject, subject: request.subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try .init {
                try ExtendedKeyUsage([.serverAuth])
                if let asked, !ignoresNames { asked }
            }, issuerPrivateKey: key)
        return try IssuedChain(
            certificate: try certificate.serializeAsPEM().pemString,
            chain: try [intermediate, root].map { try $0.serializeAsPEM().pemString }.joined(separator: "\n"))
    }
}
