internal import TokenProtocol

/// What `CKM_RSA_PKCS` signs (RFC 8017, section 9.2).
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
