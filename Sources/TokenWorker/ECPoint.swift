internal import TokenProtocol

/// Reads CKA_EC_POINT.
enum ECPoint {
    /// The uncompressed point in `value`, which is either the point itself or a DER OCTET STRING around it.
    /// Which of the two is decided by length alone: bytes of a raw point can look like DER.
    static func uncompressed(_ value: [UInt8], of kind: KeyKind) -> [UInt8]? {
        guard let coordinate = kind.coordinateBytes else { return nil }
        let length = 1 + 2 * coordinate
        let point: ArraySlice<UInt8>
        switch value.count {
        case length: point = value[...]
        // The points of both curves are shorter than 128 bytes: tag, one length byte, point.
        case length + 2 where value[0] == 0x04 && Int(value[1]) == length: point = value[2...]
        default: return nil
        }
        // SEC 1, section 2.3.3: 04 marks the uncompressed form.
        guard point.first == 0x04 else { return nil }
        return Array(point)
    }
}
