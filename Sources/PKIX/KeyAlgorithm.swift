/// The key pairs a certificate authority can have, by the names of the API (`KeyAlgorithm`).
public enum KeyAlgorithm: String, Sendable, Hashable, Codable, CaseIterable {
    case rsa2048 = "RSA_2048"
    /// NIST P-256
    case ecPrime256v1 = "EC_prime256v1"
    /// NIST P-384
    case ecSecp384r1 = "EC_secp384r1"

    public enum Family: Sendable, Hashable {
        case rsa
        case ecdsa
    }

    public var family: Family {
        switch self {
        case .rsa2048: .rsa
        case .ecPrime256v1, .ecSecp384r1: .ecdsa
        }
    }
}
