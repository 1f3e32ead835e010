public import X509

/// The signature algorithms a certificate authority signs with, by the names of the API (`SigningAlgorithm`).
public enum SigningAlgorithm: String, Sendable, Hashable, Codable, CaseIterable {
    case sha256WithECDSA = "SHA256WITHECDSA"
    case sha384WithECDSA = "SHA384WITHECDSA"
    case sha512WithECDSA = "SHA512WITHECDSA"
    case sha256WithRSA = "SHA256WITHRSA"
    case sha384WithRSA = "SHA384WITHRSA"
    case sha512WithRSA = "SHA512WITHRSA"

    public var family: KeyAlgorithm.Family {
        switch self {
        case .sha256WithECDSA, .sha384WithECDSA, .sha512WithECDSA: .ecdsa
        case .sha256WithRSA, .sha384WithRSA, .sha512WithRSA: .rsa
        }
    }

    /// Its hash function and key family.
    public var signature: SignatureAlgorithm {
        switch family {
        case .rsa: .rsaPKCS1(digest)
        case .ecdsa: .ecdsa(digest)
        }
    }

    /// The same algorithm as swift-certificates names it.
    public var signatureAlgorithm: Certificate.SignatureAlgorithm { signature.certificateAlgorithm }

    public var digest: SHA2 {
        switch self {
        case .sha256WithECDSA, .sha256WithRSA: .sha256
        case .sha384WithECDSA, .sha384WithRSA: .sha384
        case .sha512WithECDSA, .sha512WithRSA: .sha512
        }
    }

    /// The DER of its AlgorithmIdentifier. It is a constant, so that no encoder can get a parameter wrong.
    public var algorithmIdentifier: [UInt8] {
        switch family {
        case .rsa: RSA.signatureIdentifier(digest)
        case .ecdsa: EllipticCurve.signatureIdentifier(digest)
        }
    }
}

extension KeyAlgorithm {
    /// The algorithms of a key of this kind, in the order of the API's messages.
    public var signingAlgorithms: [SigningAlgorithm] {
        SigningAlgorithm.allCases.filter { $0.family == family }
    }
}
