internal import SwiftASN1

/// SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) by its parts, and whether the key in it can be trusted as far as it
/// shows.
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
        switch algorithm {
        case .rsaEncryption:
            guard let parameters, parameters.encoded.elementsEqual([IdentifierOctet.null, 0]) else {
                throw .malformed(
                    "its public key is rsaEncryption without NULL parameters (RFC 3279, section 2.3.1)")
            }
            try RSAPublicKeyCheck.check(Array(keyBits), known: known)
        case .ecPublicKey:
            // RFC 5480, section 2.1.1: namedCurve, and neither implicitCurve nor specifiedCurve.
            guard let parameters, parameters.tag == IdentifierOctet.objectIdentifier,
                let curve = try? ASN1ObjectIdentifier(derEncoded: parameters.encoded)
            else { throw .unsupported("an elliptic curve that is not named (RFC 5480, section 2.1.1)") }
            try ECPublicKeyCheck.check(keyBits, on: curve)
        case .ed25519:
            guard parameters == nil else {
                throw .malformed("its Ed25519 public key has parameters (RFC 8410, section 3)")
            }
            try Ed25519PublicKeyCheck.check(keyBits)
        case .mlDSA44, .mlDSA65, .mlDSA87:
            throw .unsupported("ML-DSA (FIPS 204), which is refused until the tokens can sign with it")
        default: throw .unsupported("algorithm \(algorithm)")
        }
    }

    /// Why a key on a curve that does not parse is no point of it; nil for others.
    var pointProblem: String? {
        guard algorithm == .ecPublicKey, let parameters,
            let curve = try? ASN1ObjectIdentifier(derEncoded: parameters.encoded)
        else { return nil }
        return ECPublicKeyCheck.problem(of: keyBits, on: curve)
    }

    /// Refuses an RSA modulus that is prime. Apart from ``check(known:)`` because it costs milliseconds.
    func checkModulusIsComposite() throws(PublicKeyFault) {
        guard algorithm == .rsaEncryption, let key = RSAPublicKey(keyBits: Array(keyBits)) else { return }
        if PrimeModulus.isProbablyPrime(key.modulus) {
            throw .weak("the RSA modulus is a prime and no product of two")
        }
    }
}

extension ASN1ObjectIdentifier {
    /// RFC 3279, section 2.3.1
    static let rsaEncryption: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 1]
    /// RFC 5480, section 2.1.1
    static let ecPublicKey: ASN1ObjectIdentifier = [1, 2, 840, 10045, 2, 1]
    /// RFC 8410, section 3
    static let ed25519: ASN1ObjectIdentifier = [1, 3, 101, 112]
    /// RFC 9881, section 2
    static let mlDSA44: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 3, 17]
    static let mlDSA65: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 3, 18]
    static let mlDSA87: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 3, 19]
}
