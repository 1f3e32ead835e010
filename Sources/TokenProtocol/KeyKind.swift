/// The kinds of key pairs. A key of a kind has one use: RSA keys for PKCS #1 v1.5 make no PSS signatures, and
/// RSA keys for PSS make no PKCS #1 v1.5 signatures (RFC 4055, section 1.2).
public enum KeyKind: UInt8, Sendable, Hashable, CaseIterable {
    /// NIST P-256 (secp256r1)
    case ecP256 = 1
    /// NIST P-384 (secp384r1)
    case ecP384 = 2
    /// RSA with a 2048-bit modulus and the public exponent 65537, for RSASSA-PKCS1-v1_5
    case rsa2048 = 3
    /// NIST P-521 (secp521r1)
    case ecP521 = 4
    /// As ``rsa2048``, with 3072 bits
    case rsa3072 = 5
    /// As ``rsa2048``, with 4096 bits
    case rsa4096 = 6
    /// Ed25519 (RFC 8032)
    case ed25519 = 7
    /// As ``rsa2048``, for RSASSA-PSS
    case rsaPSS2048 = 8
    /// As ``rsa3072``, for RSASSA-PSS
    case rsaPSS3072 = 9
    /// As ``rsa4096``, for RSASSA-PSS
    case rsaPSS4096 = 10

    /// The family, which determines mechanisms and encodings.
    public enum Family: Sendable, Hashable {
        case ecdsa
        case edwards
        case rsaPKCS1
        case rsaPSS
    }

    public var family: Family {
        switch self {
        case .ecP256, .ecP384, .ecP521: .ecdsa
        case .ed25519: .edwards
        case .rsa2048, .rsa3072, .rsa4096: .rsaPKCS1
        case .rsaPSS2048, .rsaPSS3072, .rsaPSS4096: .rsaPSS
        }
    }

    /// The field size of a Weierstrass curve in bytes, nil for the others.
    public var coordinateBytes: Int? {
        switch self {
        case .ecP256: 32
        case .ecP384: 48
        case .ecP521: 66
        default: nil
        }
    }

    /// The length of the modulus in bits, nil for curves.
    public var modulusBits: Int? {
        switch self {
        case .rsa2048, .rsaPSS2048: 2048
        case .rsa3072, .rsaPSS3072: 3072
        case .rsa4096, .rsaPSS4096: 4096
        default: nil
        }
    }

    /// The length in bytes of a signature in the form of PKCS#11: `r ‖ s`, `R ‖ S`, or the modulus.
    public var signatureBytes: Int {
        switch family {
        case .ecdsa: 2 * (coordinateBytes ?? 0)
        case .edwards: 64
        case .rsaPKCS1, .rsaPSS: (modulusBits ?? 0) / 8
        }
    }
}

/// The input of a signature and its scheme.
public enum SignatureScheme: UInt8, Sendable, Hashable, CaseIterable {
    /// ECDSA over a digest, RSASSA-PKCS1-v1_5 over a DigestInfo of it, or RSASSA-PSS with the same hash in
    /// MGF1 and a salt as long as the digest. The kind of the key decides which.
    case sha256 = 1
    case sha384 = 2
    case sha512 = 3
    /// Ed25519 over the message itself (RFC 8032, section 5.1: PureEdDSA).
    case ed25519 = 4

    /// The length of the digest in bytes; nil for a message of any length.
    public var digestBytes: Int? {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        case .ed25519: nil
        }
    }

    /// Whether a key of this kind can sign with the scheme.
    public func fits(_ kind: KeyKind) -> Bool { (kind.family == .edwards) == (self == .ed25519) }
}

/// A public key in the form of PKCS#11: its numbers, without an encoding around them.
public enum PublicKeyMaterial: Sendable, Hashable {
    /// The uncompressed point, `04 ‖ X ‖ Y`, or the 32 octets of an Edwards point.
    case ec(KeyKind, point: [UInt8])
    /// Big-endian, without leading zeros.
    case rsa(modulus: [UInt8], exponent: [UInt8])
}
