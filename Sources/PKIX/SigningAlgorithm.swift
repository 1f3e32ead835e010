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

    /// The same algorithm as swift-certificates names it.
    public var signatureAlgorithm: Certificate.SignatureAlgorithm {
        switch self {
        case .sha256WithECDSA: .ecdsaWithSHA256
        case .sha384WithECDSA: .ecdsaWithSHA384
        case .sha512WithECDSA: .ecdsaWithSHA512
        case .sha256WithRSA: .sha256WithRSAEncryption
        case .sha384WithRSA: .sha384WithRSAEncryption
        case .sha512WithRSA: .sha512WithRSAEncryption
        }
    }

    /// The DER of its AlgorithmIdentifier: constants, so that no encoder can get a parameter wrong.
    public var algorithmIdentifier: [UInt8] {
        switch self {
        // RFC 5758, section 3.2: ecdsa-with-SHA256 … SHA512, parameters absent.
        case .sha256WithECDSA: [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]
        case .sha384WithECDSA: [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03]
        case .sha512WithECDSA: [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x04]
        // RFC 4055, section 5: sha256WithRSAEncryption … sha512WithRSAEncryption, parameters NULL.
        case .sha256WithRSA:
            [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B, 0x05, 0x00]
        case .sha384WithRSA:
            [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0C, 0x05, 0x00]
        case .sha512WithRSA:
            [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0D, 0x05, 0x00]
        }
    }
}

extension KeyAlgorithm {
    /// What a key of this kind can sign with, in the order of the API's messages.
    public var signingAlgorithms: [SigningAlgorithm] {
        SigningAlgorithm.allCases.filter { $0.family == family }
    }
}
