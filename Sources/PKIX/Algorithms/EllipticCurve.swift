internal import Crypto
internal import SwiftASN1
internal import X509

/// Keys on the curves of RFC 5480, which sign with ECDSA.
enum EllipticCurve: PublicKeyFamily {
    static let algorithms: [ASN1ObjectIdentifier] = [.ecPublicKey]
    static let signatureNames: [ASN1ObjectIdentifier: String] = [
        [1, 2, 840, 10045, 4, 1]: "ecdsa-with-SHA1",
        [1, 2, 840, 10045, 4, 3, 1]: "ecdsa-with-SHA224",
        [1, 2, 840, 10045, 4, 3, 2]: "ecdsa-with-SHA256",
        [1, 2, 840, 10045, 4, 3, 3]: "ecdsa-with-SHA384",
        [1, 2, 840, 10045, 4, 3, 4]: "ecdsa-with-SHA512",
    ]
    // RFC 5758, section 3.2: parameters absent.
    static let signaturesHaveParameters = false

    /// The AlgorithmIdentifier of a signature, DER.
    static func signatureIdentifier(_ digest: SHA2) -> [UInt8] {
        // RFC 5758, section 3.2: ecdsa-with-SHA256 … SHA512, parameters absent.
        let last: UInt8 =
            switch digest {
            case .sha256: 0x02
            case .sha384: 0x03
            case .sha512: 0x04
            }
        return [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, last]
    }

    /// Refuses a key whose private key is known.
    static func check(_ info: SubjectPublicKeyInfo, known _: KnownWeakKeys) throws(PublicKeyFault) {
        // RFC 5480, section 2.1.1: namedCurve, and neither implicitCurve nor specifiedCurve.
        guard let parameters = info.parameters, parameters.tag == IdentifierOctet.objectIdentifier,
            let curve = try? ASN1ObjectIdentifier(derEncoded: parameters.encoded)
        else { throw .unsupported("an elliptic curve that is not named (RFC 5480, section 2.1.1)") }
        let point = info.keyBits
        // RFC 5480, section 2.2: 04, x and y; 02 and 03 begin a compressed point.
        guard let form = point.first, form == 0x04 else {
            throw .unsupported("an elliptic curve point that is compressed or of another form than `04 x y`")
        }
        guard let known = trivial[curve] else { throw .unsupported("the curve \(curve)") }
        // Points that differ in the sign of y alone have private keys d and n - d.
        let x = Array(point.dropFirst().prefix((point.count - 1) / 2))
        guard !known.contains(x) else {
            throw .weak(
                "its private key is a number up to \(mostMultiples), or the order less such a number; make another key"
            )
        }
    }

    static func problem(of info: SubjectPublicKeyInfo) -> String? {
        guard let parameters = info.parameters,
            let curve = try? ASN1ObjectIdentifier(derEncoded: parameters.encoded),
            let (name, octets) = fields[curve]
        else { return nil }
        let point = info.keyBits
        // SEC 1, section 2.3.4: an uncompressed point has both coordinates in the octets of the field.
        guard point.count == 1 + 2 * octets else {
            return
                "its public key has \(point.count) octets, and an uncompressed point of \(name) has \(1 + 2 * octets)"
        }
        // SEC 1, section 3.2.2.1: coordinates in the field, which fulfil the curve's equation.
        return
            "its public key is not a point on \(name): its coordinates do not fulfil the equation of the curve"
    }

    static func key(_ info: SubjectPublicKeyInfo) throws -> any VerifyingKey { try EllipticCurveKey(info) }
    static func key(_ key: Certificate.PublicKey) -> (any VerifyingKey)? { EllipticCurveKey(key) }

    /// The octets of a coordinate (SEC 1, section 2.3.5).
    private static let fields: [ASN1ObjectIdentifier: (String, Int)] = [
        .NamedCurves.secp256r1: ("P-256", 32), .NamedCurves.secp384r1: ("P-384", 48),
        .NamedCurves.secp521r1: ("P-521", 66),
    ]

    /// The number of multiples of the generator that are refused. Such keys come from faulty programs, for
    /// example from a random generator that returns 1.
    private static let mostMultiples = 16

    /// The x of the generator's first multiples, by curve.
    private static let trivial: [ASN1ObjectIdentifier: Set<[UInt8]>] = [
        .NamedCurves.secp256r1: multiples(32) { scalar in
            (try? P256.Signing.PrivateKey(rawRepresentation: scalar)).map {
                Array($0.publicKey.rawRepresentation)
            }
        },
        .NamedCurves.secp384r1: multiples(48) { scalar in
            (try? P384.Signing.PrivateKey(rawRepresentation: scalar)).map {
                Array($0.publicKey.rawRepresentation)
            }
        },
        .NamedCurves.secp521r1: multiples(66) { scalar in
            (try? P521.Signing.PrivateKey(rawRepresentation: scalar)).map {
                Array($0.publicKey.rawRepresentation)
            }
        },
    ]

    private static func multiples(
        _ octets: Int, _ point: (_ privateKey: [UInt8]) -> [UInt8]?
    ) -> Set<[UInt8]> {
        Set(
            (1...mostMultiples).compactMap { number in
                let scalar = [UInt8](repeating: 0, count: octets - 1) + [UInt8(number)]
                return point(scalar).map { Array($0.prefix(octets)) }
            })
    }
}

/// Verifies ECDSA signatures.
enum EllipticCurveKey: VerifyingKey {
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)

    init(_ info: SubjectPublicKeyInfo) throws {
        let point = Array(info.keyBits)
        switch try info.parameters.map({ try ASN1ObjectIdentifier(derEncoded: $0.encoded) }) {
        case .some(.NamedCurves.secp256r1): self = .p256(try .init(x963Representation: point))
        case .some(.NamedCurves.secp384r1): self = .p384(try .init(x963Representation: point))
        case .some(.NamedCurves.secp521r1): self = .p521(try .init(x963Representation: point))
        default: throw PublicKeyFault.unsupported("an elliptic curve that is not P-256, P-384 or P-521")
        }
    }

    init?(_ key: Certificate.PublicKey) {
        if let key = P256.Signing.PublicKey(key) {
            self = .p256(key)
        } else if let key = P384.Signing.PublicKey(key) {
            self = .p384(key)
        } else if let key = P521.Signing.PublicKey(key) {
            self = .p521(key)
        } else {
            return nil
        }
    }

    init(point: [UInt8], on curve: KeyAlgorithm) throws {
        switch curve {
        case .ecPrime256v1: self = .p256(try .init(x963Representation: point))
        case .ecSecp384r1: self = .p384(try .init(x963Representation: point))
        case .ecSecp521r1: self = .p521(try .init(x963Representation: point))
        default: throw PublicKeyFault.unsupported("\(curve.rawValue) is no curve")
        }
    }

    private var curve: KeyAlgorithm {
        switch self {
        case .p256: .ecPrime256v1
        case .p384: .ecSecp384r1
        case .p521: .ecSecp521r1
        }
    }

    var algorithm: KeyAlgorithm? { curve }
    var name: String { curve.rawValue }

    var bits: Int {
        switch self {
        case .p256: 256
        case .p384: 384
        case .p521: 521
        }
    }

    // RFC 5480, section 2.1.1: id-ecPublicKey, and the namedCurve.
    var algorithmIdentifier: [UInt8] {
        let curve: [UInt8] =
            switch self {
            // secp256r1, 1.2.840.10045.3.1.7
            case .p256: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
            // secp384r1, 1.3.132.0.34
            case .p384: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
            // secp521r1, 1.3.132.0.35
            case .p521: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23]
            }
        let algorithm: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
        return DERElements.encoded(tag: IdentifierOctet.sequence, contents: algorithm + curve)
    }

    var keyBits: [UInt8] {
        switch self {
        case .p256(let key): Array(key.x963Representation)
        case .p384(let key): Array(key.x963Representation)
        case .p521(let key): Array(key.x963Representation)
        }
    }

    func isValidSignature(
        _ signature: [UInt8], of message: [UInt8], _ algorithm: SignatureAlgorithm
    ) -> Bool {
        guard case .ecdsa(let digest) = algorithm else { return false }
        return switch digest {
        case .sha256: isValid(signature, for: SHA256.hash(data: message))
        case .sha384: isValid(signature, for: SHA384.hash(data: message))
        case .sha512: isValid(signature, for: SHA512.hash(data: message))
        }
    }

    private func isValid(_ signature: [UInt8], for digest: some Digest) -> Bool {
        guard let raw = ECDSASignature.concatenation(fromDER: signature, coordinateBytes: (bits + 7) / 8)
        else { return false }
        switch self {
        case .p256(let key):
            let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
            return parsed.map { key.isValidSignature($0, for: digest) } ?? false
        case .p384(let key):
            let parsed = try? P384.Signing.ECDSASignature(rawRepresentation: raw)
            return parsed.map { key.isValidSignature($0, for: digest) } ?? false
        case .p521(let key):
            let parsed = try? P521.Signing.ECDSASignature(rawRepresentation: raw)
            return parsed.map { key.isValidSignature($0, for: digest) } ?? false
        }
    }
}

extension ASN1ObjectIdentifier {
    /// RFC 5480, section 2.1.1
    static let ecPublicKey: ASN1ObjectIdentifier = [1, 2, 840, 10045, 2, 1]
}
