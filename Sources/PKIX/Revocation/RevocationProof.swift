/// What the key of a certificate signs to have the certificate revoked. The first line separates it from
/// everything else that such a key signs.
public enum RevocationProof {
    /// - Parameters:
    ///   - certificate: the ARN of the certificate
    ///   - reason: the API's name of the reason
    public static func octets(certificate: String, reason: String) -> [UInt8] {
        Array("signet-revocation-v1\n\(certificate)\n\(reason)\n".utf8)
    }
}

extension SubjectPublicKey {
    /// The algorithm of the proof that a key is held: PKCS #1 v1.5 with SHA-256, ECDSA with the hash of the
    /// curve's size, or Ed25519. Nil for other keys.
    public var proofAlgorithm: SignatureAlgorithm? {
        switch name {
        case "EC_prime256v1": .ecdsa(.sha256)
        case "EC_secp384r1": .ecdsa(.sha384)
        case "EC_secp521r1": .ecdsa(.sha512)
        case "ED25519": .ed25519
        case _ where name.utf8.starts(with: "RSA".utf8): .rsaPKCS1(.sha256)
        default: nil
        }
    }
}
