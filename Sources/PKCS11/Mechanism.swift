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
    /// ECDSA over a digest the caller made. The corresponding C constant is `CKM_ECDSA`.
    public static let ecdsa = MechanismType(rawValue: UInt(CKM_ECDSA))
    /// The corresponding C constant is `CKM_EC_KEY_PAIR_GEN`.
    public static let ecKeyPairGen = MechanismType(rawValue: UInt(CKM_EC_KEY_PAIR_GEN))
}
