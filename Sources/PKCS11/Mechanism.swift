internal import CPKCS11

/// The kind of a cryptographic operation (`CK_MECHANISM_TYPE`).
public struct MechanismType: Sendable, Hashable {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// PKCS #1 v1.5 over a DigestInfo the caller built. The corresponding C constant is `CKM_RSA_PKCS`.
    public static let rsaPKCS = MechanismType(rawValue: UInt(CKM_RSA_PKCS))
    /// The corresponding C constant is `CKM_RSA_PKCS_KEY_PAIR_GEN`.
    public static let rsaKeyPairGen = MechanismType(rawValue: UInt(CKM_RSA_PKCS_KEY_PAIR_GEN))
    /// The corresponding C constant is `CKM_AES_KEY_GEN`.
    public static let aesKeyGen = MechanismType(rawValue: UInt(CKM_AES_KEY_GEN))
    /// The corresponding C constant is `CKM_AES_KEY_WRAP_PAD`.
    public static let aesKeyWrapPad = MechanismType(rawValue: 0x210A)
    /// ECDSA over a digest the caller made. The corresponding C constant is `CKM_ECDSA`.
    public static let ecdsa = MechanismType(rawValue: UInt(CKM_ECDSA))
    /// The corresponding C constant is `CKM_EC_KEY_PAIR_GEN`.
    public static let ecKeyPairGen = MechanismType(rawValue: UInt(CKM_EC_KEY_PAIR_GEN))
}

extension MechanismType: CustomStringConvertible {
    /// The standard's name, or the number.
    public var description: String {
        switch self {
        case .rsaPKCS: "CKM_RSA_PKCS"
        case .rsaKeyPairGen: "CKM_RSA_PKCS_KEY_PAIR_GEN"
        case .ecdsa: "CKM_ECDSA"
        case .ecKeyPairGen: "CKM_EC_KEY_PAIR_GEN"
        case .aesKeyGen: "CKM_AES_KEY_GEN"
        case .aesKeyWrapPad: "CKM_AES_KEY_WRAP_PAD"
        default: "0x" + String(rawValue, radix: 16)
        }
    }
}
