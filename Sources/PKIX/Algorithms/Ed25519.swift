internal import Crypto
internal import SwiftASN1
internal import X509

/// Keys on the curve edwards25519, which sign messages (RFC 8032, section 5.1; RFC 8410).
enum Ed25519: PublicKeyFamily {
    static let algorithms: [ASN1ObjectIdentifier] = [.ed25519]
    static let signatureNames: [ASN1ObjectIdentifier: String] = [.ed25519: "Ed25519"]
    // RFC 8410, section 3: parameters absent.
    static let signaturesHaveParameters = false

    /// Refuses keys (RFC 8032, section 5.1.5) that prove nothing. A point of small order verifies signatures
    /// that were made without a private key. A point with two encodings would be two different keys.
    static func check(_ info: SubjectPublicKeyInfo, known _: KnownWeakKeys) throws(PublicKeyFault) {
        guard info.parameters == nil else {
            throw .malformed("its Ed25519 public key has parameters (RFC 8410, section 3)")
        }
        let key = info.keyBits
        guard key.count == 32 else {
            throw .malformed(
                "the Ed25519 public key has \(key.count) octets and not 32 (RFC 8032, section 5.1.5)")
        }
        // The highest bit is the sign of x.
        var y = Array(key)
        y[31] &= 0x7F
        // RFC 8032, section 5.1.3: y is below p = 2^255 - 19.
        guard y[31] != 0x7F || !y[1..<31].allSatisfy({ $0 == 0xFF }) || y[0] < 0xED else {
            throw .weak("the Ed25519 point is not encoded canonically (RFC 8032, section 5.1.3)")
        }
        guard !smallOrder.contains(y) else {
            throw .weak(
                "the Ed25519 point has a small order, so that anyone can sign for it; make another key")
        }
    }

    static func key(_ info: SubjectPublicKeyInfo) throws -> any VerifyingKey { try Ed25519Key(info) }
    static func key(_ key: Certificate.PublicKey) -> (any VerifyingKey)? { Ed25519Key(key) }

    /// The y of the eight points whose order divides the cofactor 8, little-endian: 1 and -1 (orders 1 and
    /// 2), 0 (order 4), and the two y of order 8. Each but the first two stands for two points, which differ
    /// in the sign of x.
    private static let smallOrder: Set<[UInt8]> = [
        [1] + [UInt8](repeating: 0, count: 31),
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [UInt8](repeating: 0, count: 32),
        [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
            0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
        ],
        [
            0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
            0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
        ],
    ]
}

/// Verifies Ed25519 signatures (RFC 8032, section 5.1.7).
struct Ed25519Key: VerifyingKey {
    private let key: Curve25519.Signing.PublicKey

    init(_ info: SubjectPublicKeyInfo) throws {
        // RFC 8410, section 3: parameters absent.
        guard info.parameters == nil else { throw PublicKeyFault.malformed("it has parameters") }
        key = try .init(rawRepresentation: Array(info.keyBits))
    }

    init?(_ key: Certificate.PublicKey) {
        guard let key = Curve25519.Signing.PublicKey(key) else { return nil }
        self.key = key
    }

    init(_ point: [UInt8]) throws { key = try .init(rawRepresentation: point) }

    var algorithm: KeyAlgorithm? { nil }
    var name: String { "ED25519" }
    var bits: Int { 256 }
    // RFC 8410, section 3: id-Ed25519, parameters absent.
    var algorithmIdentifier: [UInt8] { [0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70] }
    var keyBits: [UInt8] { Array(key.rawRepresentation) }

    func isValidSignature(
        _ signature: [UInt8], of message: [UInt8], _ algorithm: SignatureAlgorithm
    ) -> Bool {
        algorithm == .ed25519 && key.isValidSignature(signature, for: message)
    }
}

extension ASN1ObjectIdentifier {
    /// RFC 8410, section 3: of keys and of signatures
    static let ed25519: ASN1ObjectIdentifier = [1, 3, 101, 112]
}
