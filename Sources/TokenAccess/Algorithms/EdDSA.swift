internal import PKCS11
internal import TokenProtocol

/// Keys on the curve edwards25519, which sign messages and not digests (PKCS#11 3.0, section 2.3.14).
enum EdDSA: KeyFamily {
    static let mechanisms: [MechanismType] = [.edwardsKeyPairGen, .eddsa]

    static func generationMechanism(_ profile: TokenProfile) -> MechanismType { .edwardsKeyPairGen }
    static func signingMechanism(_ kind: KeyKind) -> MechanismType { .eddsa }

    static func parameters(_ kind: KeyKind, _ profile: TokenProfile) -> AttributeTemplate {
        [(.ecParameters, .bytes(profile.edwardsParameters == .printableString ? name : identifier))]
    }

    static let kindAttribute = AttributeType.ecParameters

    static func kinds(_ value: [UInt8], _ profile: TokenProfile) -> [KeyKind] {
        value == identifier || value == name ? [.ed25519] : []
    }

    /// The OID 1.3.101.112 (id-Ed25519, RFC 8410), DER
    private static let identifier: [UInt8] = [0x06, 0x03, 0x2B, 0x65, 0x70]
    /// PKCS#11 3.0, section 2.3.5: the PrintableString `edwards25519`
    private static let name: [UInt8] = [0x13, 0x0C] + Array("edwards25519".utf8)

    static let publicAttributes = [AttributeType.ecPoint]
    static let secretAttribute = AttributeType.value

    static func publicKey(
        _ kind: KeyKind, _ values: [[UInt8]?]
    ) throws(WorkerFailure) -> PublicKeyMaterial {
        guard let value = values[0], let point = point(value) else { throw EC.wrongPoint }
        return .ec(kind, point: point)
    }

    /// The 32 octets of a point, which tokens report raw (PKCS#11 3.1), in an OCTET STRING (3.0) or in a BIT
    /// STRING (RFC 8410).
    static func point(_ value: [UInt8]) -> [UInt8]? {
        switch value.count {
        case 32: value
        case 34 where value.starts(with: [0x04, 0x20]): Array(value[2...])
        case 35 where value.starts(with: [0x03, 0x21, 0x00]): Array(value[3...])
        default: nil
        }
    }
}
