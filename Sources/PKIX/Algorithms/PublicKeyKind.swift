public import SwiftASN1

/// The kind of key that a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) announces. Read from its algorithm
/// alone, so that keys that are not supported have a name too.
public enum PublicKeyKind: Sendable, Hashable, CustomStringConvertible {
    /// RFC 3279, section 2.3.1; the modulus has so many bits.
    case rsa(bits: Int)
    /// RFC 4055, section 1.2
    case rsassaPSS
    /// RFC 4055, section 4.1
    case rsaesOAEP
    /// RFC 3279, section 2.3.2
    case dsa
    /// RFC 3279, section 2.3.3
    case diffieHellman
    /// RFC 5480, section 2.1.1, on the named curve.
    case ellipticCurve(ASN1ObjectIdentifier?)
    /// RFC 5480, section 2.1.2: id-ecDH and id-ecMQV
    case ellipticCurveAgreement
    /// RFC 8410, section 3
    case ed25519
    case ed448
    case x25519
    case x448
    /// RFC 9881, section 2
    case mlDSA(Int)
    /// RFC 9935, section 3
    case mlKEM(Int)
    case other(ASN1ObjectIdentifier)
    /// The octets are not a SubjectPublicKeyInfo.
    case malformed

    public init(_ subjectPublicKeyInfo: ArraySlice<UInt8>) {
        self = (try? Self.read(subjectPublicKeyInfo)) ?? .malformed
    }

    private static func read(_ der: ArraySlice<UInt8>) throws(SyntaxFault) -> Self {
        var info = try DERReader(der, as: .sequence, "subjectPublicKeyInfo")
        var algorithm = DERReader(try info.next(.sequence, "algorithm"), "algorithm")
        let oid = try algorithm.objectIdentifier("algorithm")
        let key = try info.next(.bitString, "subjectPublicKey").contents
        try info.end()
        if oid == .rsaEncryption { return .rsa(bits: try modulusBits(key)) }
        if oid == .ecPublicKey {
            return .ellipticCurve(try? algorithm.objectIdentifier("namedCurve"))
        }
        return others[oid] ?? .other(oid)
    }

    private static func modulusBits(_ key: ArraySlice<UInt8>) throws(SyntaxFault) -> Int {
        // The first octet of a BIT STRING is the number of unused bits.
        var numbers = try DERReader(key.dropFirst(), as: .sequence, "RSAPublicKey")
        let modulus = try numbers.next(.integer, "modulus").contents.drop { $0 == 0 }
        guard let first = modulus.first else { return 0 }
        return modulus.count * 8 - first.leadingZeroBitCount
    }

    private static let others: [ASN1ObjectIdentifier: Self] = [
        [1, 2, 840, 113549, 1, 1, 10]: .rsassaPSS, [1, 2, 840, 113549, 1, 1, 7]: .rsaesOAEP,
        [1, 2, 840, 10040, 4, 1]: .dsa, [1, 2, 840, 10046, 2, 1]: .diffieHellman,
        [1, 3, 132, 1, 12]: .ellipticCurveAgreement, [1, 3, 132, 1, 13]: .ellipticCurveAgreement,
        [1, 3, 101, 110]: .x25519, [1, 3, 101, 111]: .x448, .ed25519: .ed25519,
        [1, 3, 101, 113]: .ed448, .mlDSA44: .mlDSA(44),
        .mlDSA65: .mlDSA(65), .mlDSA87: .mlDSA(87),
        [2, 16, 840, 1, 101, 3, 4, 4, 1]: .mlKEM(512), [2, 16, 840, 1, 101, 3, 4, 4, 2]: .mlKEM(768),
        [2, 16, 840, 1, 101, 3, 4, 4, 3]: .mlKEM(1024),
    ]

    private static let curves: [ASN1ObjectIdentifier: String] = [
        [1, 2, 840, 10045, 3, 1, 1]: "P-192", [1, 3, 132, 0, 33]: "P-224",
        [1, 2, 840, 10045, 3, 1, 7]: "P-256", [1, 3, 132, 0, 34]: "P-384", [1, 3, 132, 0, 35]: "P-521",
        [1, 3, 132, 0, 10]: "secp256k1",
    ]

    public var description: String {
        switch self {
        case .rsa(let bits): "RSA with \(bits) bits"
        case .rsassaPSS: "RSASSA-PSS"
        case .rsaesOAEP: "RSAES-OAEP"
        case .dsa: "DSA"
        case .diffieHellman: "Diffie-Hellman"
        case .ellipticCurve(nil): "an elliptic curve without a name"
        case .ellipticCurve(let curve?): "the elliptic curve \(Self.curves[curve] ?? "\(curve)")"
        case .ellipticCurveAgreement: "an elliptic curve for key agreement"
        case .ed25519: "Ed25519"
        case .ed448: "Ed448"
        case .x25519: "X25519"
        case .x448: "X448"
        case .mlDSA(let level): "ML-DSA-\(level)"
        case .mlKEM(let level): "ML-KEM-\(level)"
        case .other(let oid): "the algorithm \(oid.dotted)"
        case .malformed: "not a SubjectPublicKeyInfo"
        }
    }
}
