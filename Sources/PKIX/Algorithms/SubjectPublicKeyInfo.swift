internal import SwiftASN1

/// The parts of a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7), and the tests for weak keys.
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

    /// The tests that take milliseconds. They are separate from ``check(known:)`` so that only authorized
    /// requests pay for them.
    func checkThoroughly() throws(PublicKeyFault) {
        try PublicKeyFamilies.family(of: algorithm)?.checkThoroughly(self)
    }

    /// Why the key does not parse, as a sentence; nil when the reason is unknown.
    var problem: String? { PublicKeyFamilies.family(of: algorithm)?.problem(of: self) }
}
