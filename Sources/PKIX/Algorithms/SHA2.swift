internal import Crypto

/// The hash functions of signatures (FIPS 180-4).
public enum SHA2: Sendable, Hashable {
    case sha256
    case sha384
    case sha512

    public func hash(_ octets: [UInt8]) -> [UInt8] {
        switch self {
        case .sha256: Array(SHA256.hash(data: octets))
        case .sha384: Array(SHA384.hash(data: octets))
        case .sha512: Array(SHA512.hash(data: octets))
        }
    }
}
