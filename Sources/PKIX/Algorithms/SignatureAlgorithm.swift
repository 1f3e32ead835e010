public import X509

/// The signature algorithms (RFC 5280, section 4.1.1.2) that ``SubjectPublicKey`` can verify.
public enum SignatureAlgorithm: Sendable, Hashable {
    /// RFC 4055, section 5
    case rsaPKCS1(SHA2)
    /// RFC 5758, section 3.2
    case ecdsa(SHA2)
    /// RFC 8410, section 6
    case ed25519

    /// The same algorithm as swift-certificates names it.
    public var certificateAlgorithm: Certificate.SignatureAlgorithm {
        switch self {
        case .rsaPKCS1(.sha256): .sha256WithRSAEncryption
        case .rsaPKCS1(.sha384): .sha384WithRSAEncryption
        case .rsaPKCS1(.sha512): .sha512WithRSAEncryption
        case .ecdsa(.sha256): .ecdsaWithSHA256
        case .ecdsa(.sha384): .ecdsaWithSHA384
        case .ecdsa(.sha512): .ecdsaWithSHA512
        case .ed25519: .ed25519
        }
    }
}
