internal import PKCS11
internal import TokenProtocol

/// RSA keys. One kind makes RSASSA-PKCS1-v1_5 signatures and another RSASSA-PSS signatures (PKCS#11 2.40,
/// section 2.1).
enum RSA: KeyFamily {
    static let mechanisms: [MechanismType] = [.rsaKeyPairGen, .rsaX931KeyPairGen, .rsaPKCS, .rsaPSS]

    static func generationMechanism(_ profile: TokenProfile) -> MechanismType {
        profile.rsaKeyGeneration == .x931 ? .rsaX931KeyPairGen : .rsaKeyPairGen
    }

    static func signingMechanism(_ kind: KeyKind) -> MechanismType {
        kind.family == .rsaPSS ? .rsaPSS : .rsaPKCS
    }

    static func mechanism(_ kind: KeyKind, _ scheme: SignatureScheme) -> Mechanism {
        switch (kind.family, scheme) {
        case (.rsaPSS, .sha384): .rsaPSSWithSHA384
        case (.rsaPSS, .sha512): .rsaPSSWithSHA512
        case (.rsaPSS, _): .rsaPSSWithSHA256
        default: Mechanism(.rsaPKCS)
        }
    }

    static func input(_ input: [UInt8], _ kind: KeyKind, _ scheme: SignatureScheme) -> [UInt8] {
        kind.family == .rsaPKCS1 ? DigestInfo.encode(input, scheme) : input
    }

    static func parameters(_ kind: KeyKind, _ profile: TokenProfile) -> AttributeTemplate {
        [
            (.modulusBits, .number(UInt(kind.modulusBits ?? 0))),
            (.publicExponent, .bytes([0x01, 0x00, 0x01])),
        ]
    }

    static let kindAttribute = AttributeType.modulus

    static func kinds(_ value: [UInt8], _ profile: TokenProfile) -> [KeyKind] {
        let bits = value.drop { $0 == 0 }.count * 8
        return KeyKind.allCases.filter { $0.modulusBits == bits }
    }

    static let publicAttributes = [AttributeType.modulus, .publicExponent]
    static let secretAttribute = AttributeType.privateExponent

    static func publicKey(
        _ kind: KeyKind, _ values: [[UInt8]?]
    ) throws(WorkerFailure) -> PublicKeyMaterial {
        guard let modulus = values[0], let exponent = values[1] else {
            throw WorkerFailure(.evidence, "the token does not say CKA_MODULUS or CKA_PUBLIC_EXPONENT")
        }
        let number = Array(modulus.drop { $0 == 0 })
        guard number.count * 8 == kind.modulusBits, number[0] & 0x80 != 0 else {
            throw WorkerFailure(
                .evidence, "the modulus of the key is not \(kind.modulusBits ?? 0) bits long")
        }
        return .rsa(modulus: number, exponent: Array(exponent.drop { $0 == 0 }))
    }
}

/// The input of `CKM_RSA_PKCS` (RFC 8017, section 9.2).
enum DigestInfo {
    /// The DER of `DigestInfo` for a digest of the right length.
    static func encode(_ digest: [UInt8], _ scheme: SignatureScheme) -> [UInt8] {
        prefix(scheme) + digest
    }

    // RFC 8017, section 9.2, note 1: the bytes before the digest, for each hash.
    private static func prefix(_ scheme: SignatureScheme) -> [UInt8] {
        switch scheme {
        case .sha256:
            [
                0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
                0x05, 0x00,
                0x04, 0x20,
            ]
        case .sha384:
            [
                0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02,
                0x05, 0x00,
                0x04, 0x30,
            ]
        case .sha512:
            [
                0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03,
                0x05, 0x00,
                0x04, 0x40,
            ]
        // Not RSA.
        case .ed25519: []
        }
    }
}
