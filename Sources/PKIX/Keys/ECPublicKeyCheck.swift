internal import Crypto
internal import SwiftASN1

/// Whether a key on one of the curves of RFC 5480 is one whose private key is known.
enum ECPublicKeyCheck {
    /// - Parameters:
    ///   - curve: the namedCurve
    ///   - point: an uncompressed ECPoint (RFC 5480, section 2.2)
    static func check(_ point: ArraySlice<UInt8>, on curve: ASN1ObjectIdentifier) throws(PublicKeyFault) {
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

    /// What is wrong with a point that the library does not take, as a sentence; nil when nothing is known to be.
    static func problem(of point: ArraySlice<UInt8>, on curve: ASN1ObjectIdentifier) -> String? {
        guard let (name, octets) = fields[curve] else { return nil }
        // SEC 1, section 2.3.4: an uncompressed point has both coordinates in the octets of the field.
        guard point.count == 1 + 2 * octets else {
            return
                "its public key has \(point.count) octets, and an uncompressed point of \(name) has \(1 + 2 * octets)"
        }
        // SEC 1, section 3.2.2.1: coordinates in the field, which fulfil the curve's equation.
        return
            "its public key is not a point on \(name): its coordinates do not fulfil the equation of the curve"
    }

    /// The octets of a coordinate (SEC 1, section 2.3.5).
    private static let fields: [ASN1ObjectIdentifier: (String, Int)] = [
        .NamedCurves.secp256r1: ("P-256", 32), .NamedCurves.secp384r1: ("P-384", 48),
        .NamedCurves.secp521r1: ("P-521", 66),
    ]

    /// How many multiples of the generator are refused: errors of programs, such as a random generator that returns 1.
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
