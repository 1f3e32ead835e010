/// A public key of one family, ready to verify with.
protocol VerifyingKey: Sendable {
    /// The name of the API for keys of this kind; nil for one that no authority can have.
    var algorithm: KeyAlgorithm? { get }
    /// The name of its kind: the API's, or the family's where the API has none.
    var name: String { get }
    /// The length of the modulus, or of the numbers of the curve.
    var bits: Int { get }
    /// DER of the AlgorithmIdentifier in the SubjectPublicKeyInfo.
    var algorithmIdentifier: [UInt8] { get }
    /// The octets of the BIT STRING in the SubjectPublicKeyInfo.
    var keyBits: [UInt8] { get }
    /// Whether `signature`, as X.509 encodes it, is this key's over `message`; false for an algorithm of
    /// another family.
    func isValidSignature(
        _ signature: [UInt8], of message: [UInt8], _ algorithm: SignatureAlgorithm
    ) -> Bool
}

extension VerifyingKey {
    /// DER of the SubjectPublicKeyInfo (RFC 5280, section 4.1).
    var derBytes: [UInt8] {
        // BIT STRING, whose first octet is the number of unused bits
        let bits = DERElements.encoded(tag: IdentifierOctet.bitString, contents: [0] + keyBits)
        return DERElements.encoded(tag: IdentifierOctet.sequence, contents: algorithmIdentifier + bits)
    }
}
