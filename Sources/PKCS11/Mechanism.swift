internal import CPKCS11

/// The kind of a cryptographic operation (`CK_MECHANISM_TYPE`).
public struct MechanismType: Sendable, Hashable {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// PKCS #1 v1.5 over a DigestInfo from the caller. The corresponding C constant is `CKM_RSA_PKCS`.
    public static let rsaPKCS = MechanismType(rawValue: UInt(CKM_RSA_PKCS))
    /// RSASSA-PSS over a digest from the caller. The corresponding C constant is `CKM_RSA_PKCS_PSS`.
    public static let rsaPSS = MechanismType(rawValue: UInt(CKM_RSA_PKCS_PSS))
    /// The corresponding C constant is `CKM_RSA_X9_31_KEY_PAIR_GEN`.
    public static let rsaX931KeyPairGen = MechanismType(rawValue: UInt(CKM_RSA_X9_31_KEY_PAIR_GEN))
    /// Ed25519 over the message, without parameters (PKCS#11 3.0, section 2.3.14). The corresponding C
    /// constant is `CKM_EDDSA`.
    public static let eddsa = MechanismType(rawValue: UInt(CKM_EDDSA))
    /// The corresponding C constant is `CKM_EC_EDWARDS_KEY_PAIR_GEN`.
    public static let edwardsKeyPairGen = MechanismType(rawValue: UInt(CKM_EC_EDWARDS_KEY_PAIR_GEN))
    /// The corresponding C constant is `CKM_RSA_PKCS_KEY_PAIR_GEN`.
    public static let rsaKeyPairGen = MechanismType(rawValue: UInt(CKM_RSA_PKCS_KEY_PAIR_GEN))
    /// The corresponding C constant is `CKM_AES_KEY_GEN`.
    public static let aesKeyGen = MechanismType(rawValue: UInt(CKM_AES_KEY_GEN))
    /// The corresponding C constant is `CKM_AES_KEY_WRAP_PAD`.
    public static let aesKeyWrapPad = MechanismType(rawValue: UInt(CKM_AES_KEY_WRAP_PAD))
    /// ECDSA over a digest from the caller. The corresponding C constant is `CKM_ECDSA`.
    public static let ecdsa = MechanismType(rawValue: UInt(CKM_ECDSA))
    /// The corresponding C constant is `CKM_EC_KEY_PAIR_GEN`.
    public static let ecKeyPairGen = MechanismType(rawValue: UInt(CKM_EC_KEY_PAIR_GEN))
}

extension MechanismType: CustomStringConvertible {
    /// The standard's name, or the number.
    public var description: String { Self.names[rawValue] ?? "0x" + String(rawValue, radix: 16) }

    private static let names: [UInt: String] = [
        rsaPKCS.rawValue: "CKM_RSA_PKCS", rsaPSS.rawValue: "CKM_RSA_PKCS_PSS",
        rsaKeyPairGen.rawValue: "CKM_RSA_PKCS_KEY_PAIR_GEN",
        rsaX931KeyPairGen.rawValue: "CKM_RSA_X9_31_KEY_PAIR_GEN", ecdsa.rawValue: "CKM_ECDSA",
        ecKeyPairGen.rawValue: "CKM_EC_KEY_PAIR_GEN", eddsa.rawValue: "CKM_EDDSA",
        edwardsKeyPairGen.rawValue: "CKM_EC_EDWARDS_KEY_PAIR_GEN", aesKeyGen.rawValue: "CKM_AES_KEY_GEN",
        aesKeyWrapPad.rawValue: "CKM_AES_KEY_WRAP_PAD",
    ]
}

/// A mechanism with its parameters (`CK_MECHANISM`).
public struct Mechanism: Sendable, Hashable {
    public let type: MechanismType
    private let pss: PSS?

    private struct PSS: Hashable {
        let hash: UInt
        let mask: UInt
        let saltBytes: UInt
    }

    public init(_ type: MechanismType) {
        self.type = type
        pss = nil
    }

    private init(pss: PSS) {
        type = .rsaPSS
        self.pss = pss
    }

    // RFC 4055, section 3.1, and the practice of tokens: MGF1 has the same hash, and the salt is as long as
    // the digest.
    /// `CK_RSA_PKCS_PSS_PARAMS` with `CKM_SHA256`, `CKG_MGF1_SHA256` and 32
    public static let rsaPSSWithSHA256 = Mechanism(
        pss: PSS(hash: UInt(CKM_SHA256), mask: UInt(CKG_MGF1_SHA256), saltBytes: 32))
    /// `CK_RSA_PKCS_PSS_PARAMS` with `CKM_SHA384`, `CKG_MGF1_SHA384` and 48
    public static let rsaPSSWithSHA384 = Mechanism(
        pss: PSS(hash: UInt(CKM_SHA384), mask: UInt(CKG_MGF1_SHA384), saltBytes: 48))
    /// `CK_RSA_PKCS_PSS_PARAMS` with `CKM_SHA512`, `CKG_MGF1_SHA512` and 64
    public static let rsaPSSWithSHA512 = Mechanism(
        pss: PSS(hash: UInt(CKM_SHA512), mask: UInt(CKG_MGF1_SHA512), saltBytes: 64))

    func withC<Result>(_ body: (UnsafeMutablePointer<CK_MECHANISM>) -> Result) -> Result {
        var mechanism = unsafe CK_MECHANISM()
        unsafe mechanism.mechanism = CK_MECHANISM_TYPE(type.rawValue)
        guard let pss else { return unsafe body(&mechanism) }
        var parameters = CK_RSA_PKCS_PSS_PARAMS(
            hashAlg: CK_MECHANISM_TYPE(pss.hash), mgf: CK_RSA_PKCS_MGF_TYPE(pss.mask),
            sLen: CK_ULONG(pss.saltBytes))
        return unsafe withUnsafeMutableBytes(of: &parameters) { bytes in
            unsafe mechanism.pParameter = bytes.baseAddress
            unsafe mechanism.ulParameterLen = CK_ULONG(bytes.count)
            return unsafe body(&mechanism)
        }
    }
}

/// The token's information about a mechanism (`CK_MECHANISM_INFO`).
public struct MechanismInfo: Sendable, Hashable {
    public let minimumKeySize: UInt
    public let maximumKeySize: UInt
    /// `CKF_HW`, `CKF_SIGN` and others, unchanged.
    public let flags: UInt
}
