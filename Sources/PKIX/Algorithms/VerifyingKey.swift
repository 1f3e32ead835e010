/// A public key of one family, ready to verify signatures.
protocol VerifyingKey: Sendable {
    /// The API's name for keys of this kind; nil for a kind that an authority cannot have.
    var algorithm: KeyAlgorithm? { get }
    /// The name of its kind: the API's name, or the family's name if the API has none.
    var name: String { get }
    /// The length in bits of the modulus, or of a coordinate.
    var bits: Int { get }
    /// DER of the AlgorithmIdentifier in the SubjectPublicKeyInfo.
    var algorithmIdentifier: [UInt8] { get }
    /// The octets of the BIT STRING in the SubjectPublicKeyInfo.
    var keyBits: [UInt8] { get }
    /// Whether `signature`, encoded as X.509 requires, is a signature of this key over `message`. False for
    /// an algorithm of another family.
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
