/// The key pairs a token is asked for.
public enum KeyKind: UInt8, Sendable, Hashable, CaseIterable {
    /// NIST P-256 (secp256r1)
    case ecP256 = 1
    /// NIST P-384 (secp384r1)
    case ecP384 = 2
    /// RSA with a 2048-bit modulus and the public exponent 65537
    case rsa2048 = 3
    /// NIST P-521 (secp521r1)
    case ecP521 = 4
    /// As ``rsa2048``, with 3072 bits
    case rsa3072 = 5
    /// As ``rsa2048``, with 4096 bits
    case rsa4096 = 6

    /// The field size of the curve in bytes, nil for RSA.
    public var coordinateBytes: Int? {
        switch self {
        case .ecP256: 32
        case .ecP384: 48
        case .ecP521: 66
        case .rsa2048, .rsa3072, .rsa4096: nil
        }
    }

    /// The length of the modulus in bits, nil for curves.
    public var modulusBits: Int? {
        switch self {
        case .ecP256, .ecP384, .ecP521: nil
        case .rsa2048: 2048
        case .rsa3072: 3072
        case .rsa4096: 4096
        }
    }
}

/// The hash a digest was made with. It fixes the digest's length and, for RSA, its DigestInfo.
public enum DigestKind: UInt8, Sendable, Hashable, CaseIterable {
    case sha256 = 1
    case sha384 = 2
    case sha512 = 3

    /// In bytes.
    public var length: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }
}

/// A public key as a token shows it: the numbers, without an encoding around them.
public enum PublicKeyMaterial: Sendable, Hashable {
    /// The uncompressed point, `04 ‖ X ‖ Y`.
    case ec(KeyKind, point: [UInt8])
    /// Big-endian, without leading zeros.
    case rsa(modulus: [UInt8], exponent: [UInt8])
}
