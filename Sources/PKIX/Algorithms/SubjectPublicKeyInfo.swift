internal import SwiftASN1

/// SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) by its parts, and whether the key in it can be trusted as
/// far as it shows.
struct SubjectPublicKeyInfo {
    let algorithm: ASN1ObjectIdentifier
    let parameters: DERElements.Element?
    /// The octets of the BIT STRING.
    let keyBits: ArraySlice<UInt8>

    init(_ element: DERElements.Element) throws(PublicKeyFault) {
        var halves = DERElements(element.contents)
        guard element.tag == IdentifierOctet.sequence, let identifier = halves.next(),
            identifier.tag == IdentifierOctet.sequence,
            // BIT STRING, whose first octet is the number of unused bits
            let bits = halves.next(), bits.tag == IdentifierOctet.bitString, bits.contents.first == 0,
            halves.next() == nil
        else { throw .malformed("the SubjectPublicKeyInfo is not an AlgorithmIdentifier and a BIT STRING") }
        var fields = DERElements(identifier.contents)
        guard let first = fields.next(),
            let algorithm = try? ASN1ObjectIdentifier(derEncoded: first.encoded)
        else { throw .malformed("the SubjectPublicKeyInfo has no algorithm") }
        self.algorithm = algorithm
        parameters = fields.next()
        // RFC 5280, section 4.1.1.2: an algorithm and its parameters.
        guard fields.next() == nil else {
            throw .malformed("the AlgorithmIdentifier of its public key has more than two elements")
        }
        keyBits = bits.contents.dropFirst()
    }

    /// - Parameter known: keys that are refused because their private keys are known
    func check(known: KnownWeakKeys) throws(PublicKeyFault) {
        guard let family = PublicKeyFamilies.family(of: algorithm) else {
            throw .unsupported("algorithm \(algorithm)")
        }
        try family.check(self, known: known)
    }

    /// The checks that cost milliseconds, apart from ``check(known:)``: they run for authorized requests
    /// only.
    func checkThoroughly() throws(PublicKeyFault) {
        try PublicKeyFamilies.family(of: algorithm)?.checkThoroughly(self)
    }

    /// Why a key that does not parse is none, as a sentence; nil when nothing is known.
    var problem: String? { PublicKeyFamilies.family(of: algorithm)?.problem(of: self) }
}
