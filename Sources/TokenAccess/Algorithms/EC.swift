internal import PKCS11
internal import TokenProtocol

/// Keys on the curves of NIST, which sign with ECDSA (PKCS#11 3.0, section 2.3).
enum EC: KeyFamily {
    static let mechanisms: [MechanismType] = [.ecKeyPairGen, .ecdsa]

    static func generationMechanism(_ profile: TokenProfile) -> MechanismType { .ecKeyPairGen }
    static func signingMechanism(_ kind: KeyKind) -> MechanismType { .ecdsa }

    static func parameters(_ kind: KeyKind, _ profile: TokenProfile) -> AttributeTemplate {
        [(.ecParameters, .bytes(curve(kind)))]
    }

    static let kindAttribute = AttributeType.ecParameters

    static func kinds(_ value: [UInt8], _ profile: TokenProfile) -> [KeyKind] {
        KeyKind.allCases.filter { $0.family == .ecdsa && curve($0) == value }
    }

    static let publicAttributes = [AttributeType.ecPoint]
    static let secretAttribute = AttributeType.value

    static func publicKey(
        _ kind: KeyKind, _ values: [[UInt8]?]
    ) throws(WorkerFailure) -> PublicKeyMaterial {
        guard let value = values[0], let point = point(value, of: kind) else { throw wrongPoint }
        return .ec(kind, point: point)
    }

    static var wrongPoint: WorkerFailure {
        WorkerFailure(.evidence, "CKA_EC_POINT of the public key is not a point of the curve's length")
    }

    /// CKA_EC_PARAMS of the curve; empty for another family.
    private static func curve(_ kind: KeyKind) -> [UInt8] {
        switch kind {
        // The OID 1.2.840.10045.3.1.7 (secp256r1), DER
        case .ecP256: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        // The OID 1.3.132.0.34 (secp384r1), DER
        case .ecP384: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
        // The OID 1.3.132.0.35 (secp521r1), DER
        case .ecP521: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23]
        default: []
        }
    }

    /// The uncompressed point in a CKA_EC_POINT, which is either the point itself or a DER OCTET STRING
    /// around it. Only the length decides which of the two it is, because bytes of a raw point can look like
    /// DER.
    static func point(_ value: [UInt8], of kind: KeyKind) -> [UInt8]? {
        guard let coordinate = kind.coordinateBytes else { return nil }
        let length = 1 + 2 * coordinate
        // X.690, section 8.1.3: one length octet below 128, two for P-521.
        let header: [UInt8] = length < 128 ? [0x04, UInt8(length)] : [0x04, 0x81, UInt8(length)]
        let point: ArraySlice<UInt8>
        switch value.count {
        case length: point = value[...]
        case length + header.count where value.starts(with: header): point = value[header.count...]
        default: return nil
        }
        // SEC 1, section 2.3.3: 04 marks the uncompressed form.
        guard point.first == 0x04 else { return nil }
        return Array(point)
    }
}
