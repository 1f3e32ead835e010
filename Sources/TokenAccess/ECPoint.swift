internal import TokenProtocol

/// Reads CKA_EC_POINT.
enum ECPoint {
    /// The uncompressed point in `value`, which is either the point itself or a DER OCTET STRING around it.
    /// Which of the two is decided by length alone: bytes of a raw point can look like DER.
    static func uncompressed(_ value: [UInt8], of kind: KeyKind) -> [UInt8]? {
        if kind == .ed25519 { return edwards(value) }
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

    /// The 32 octets of an Ed25519 point, which tokens show as they are (PKCS#11 3.1), in an OCTET STRING (3.0) or in a
    /// BIT STRING (RFC 8410).
    private static func edwards(_ value: [UInt8]) -> [UInt8]? {
        switch value.count {
        case 32: value
        case 34 where value.starts(with: [0x04, 0x20]): Array(value[2...])
        case 35 where value.starts(with: [0x03, 0x21, 0x00]): Array(value[3...])
        default: nil
        }
    }
}
