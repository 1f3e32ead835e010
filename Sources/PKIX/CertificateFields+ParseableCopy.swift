internal import SwiftASN1
public import X509

extension CertificateFields {
    /// A copy that the library can parse, so that the rules for all other fields can be checked. It has a
    /// P-256 key, ECDSA as its algorithm, no unique identifiers, and each extension once. Nil when another
    /// field does not parse.
    public var parseableCopy: Certificate? {
        let algorithm = SigningAlgorithm.sha256WithECDSA
        var known: Set<ArraySlice<UInt8>> = []
        // The library accepts at most 32 extensions.
        let entries = extensions.filter { known.insert($0.identifier).inserted }.prefix(32).flatMap(\.encoded)
        let list = DERElements.encoded(tag: DERTag.sequence.rawValue, contents: entries)
        var contents: [UInt8] = []
        for field in [
            version ?? [], serialNumber, algorithm.algorithmIdentifier[...], issuer, validity, subject,
            Self.publicKey[...],
        ] { contents += field }
        if !extensions.isEmpty {
            contents += DERElements.encoded(
                tag: DERTag.constructedContext(3).rawValue, contents: list)
        }
        let der = SignedObject.assemble(
            tbs: DERElements.encoded(tag: DERTag.sequence.rawValue, contents: contents),
            // Ecdsa-Sig-Value with r = s = 1
            algorithm: algorithm, signature: [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01])
        return try? Certificate(derEncoded: der)
    }

    /// The SubjectPublicKeyInfo of the generator of P-256 (SP 800-186, section 3.2.1.3), whose private key is
    /// 1.
    private static let publicKey: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86,
        0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04, 0x6B, 0x17, 0xD1, 0xF2, 0xE1, 0x2C, 0x42,
        0x47, 0xF8, 0xBC, 0xE6, 0xE5, 0x63, 0xA4, 0x40, 0xF2, 0x77, 0x03, 0x7D, 0x81, 0x2D, 0xEB, 0x33, 0xA0,
        0xF4, 0xA1, 0x39, 0x45, 0xD8, 0x98, 0xC2, 0x96, 0x4F, 0xE3, 0x42, 0xE2, 0xFE, 0x1A, 0x7F, 0x9B, 0x8E,
        0xE7, 0xEB, 0x4A, 0x7C, 0x0F, 0x9E, 0x16, 0x2B, 0xCE, 0x33, 0x57, 0x6B, 0x31, 0x5E, 0xCE, 0xCB, 0xB6,
        0x40, 0x68, 0x37, 0xBF, 0x51, 0xF5,
    ]
}
