/// The key pairs a certificate authority can have, by the names of the API (`KeyAlgorithm`).
public enum KeyAlgorithm: String, Sendable, Hashable, Codable, CaseIterable {
    case rsa2048 = "RSA_2048"
    case rsa3072 = "RSA_3072"
    case rsa4096 = "RSA_4096"
    /// NIST P-256
    case ecPrime256v1 = "EC_prime256v1"
    /// NIST P-384
    case ecSecp384r1 = "EC_secp384r1"
    /// NIST P-521
    case ecSecp521r1 = "EC_secp521r1"

    public enum Family: Sendable, Hashable {
        case rsa
        case ecdsa
    }

    public var family: Family {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096: .rsa
        case .ecPrime256v1, .ecSecp384r1, .ecSecp521r1: .ecdsa
        }
    }

    /// Converts a signature from the form of PKCS#11 to that of X.509. Nil when its length is wrong.
    public func signature(fromToken signature: [UInt8]) -> [UInt8]? {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096: signature
        case .ecPrime256v1: ECDSASignature.der(fromConcatenation: signature, coordinateBytes: 32)
        case .ecSecp384r1: ECDSASignature.der(fromConcatenation: signature, coordinateBytes: 48)
        case .ecSecp521r1: ECDSASignature.der(fromConcatenation: signature, coordinateBytes: 66)
        }
    }
}
