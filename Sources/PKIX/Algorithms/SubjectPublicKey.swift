internal import SwiftASN1
public import X509

/// A public key (SubjectPublicKeyInfo; RFC 5280, section 4.1.2.7): its octets, and the verification of
/// signatures with it.
///
/// Two keys are equal when their octets are equal. The encoding is canonical.
public struct SubjectPublicKey: Sendable, Hashable {
    /// DER of the SubjectPublicKeyInfo.
    public let derBytes: [UInt8]
    private let key: any VerifyingKey

    private init(_ key: any VerifyingKey) {
        self.key = key
        derBytes = key.derBytes
    }

    /// - Throws: `ASN1Error`, ``PublicKeyFault`` or `CryptoKitError` if `der` is not a key of a known family
    public init(derEncoded der: [UInt8]) throws {
        // `DERElements` reads tags and lengths only; this checks the other rules of DER.
        _ = try DER.parse(der)
        var elements = DERElements(der[...])
        guard let element = elements.next() else { throw PublicKeyFault.malformed("it is empty") }
        let info = try SubjectPublicKeyInfo(element)
        guard let family = PublicKeyFamilies.family(of: info.algorithm) else {
            throw PublicKeyFault.unsupported("algorithm \(info.algorithm)")
        }
        self.init(try family.key(info))
    }

    /// The key of a certificate that the library parsed.
    /// - Throws: ``PublicKeyFault`` for a family that the library knows and this target does not
    public init(_ key: Certificate.PublicKey) throws {
        self.init(try Self.verifyingKey(key))
    }

    /// The key of a request that the library parsed, with its octets as the request has them.
    init(_ key: Certificate.PublicKey, derBytes: [UInt8]) throws {
        self.key = try Self.verifyingKey(key)
        self.derBytes = derBytes
    }

    /// The key of a point in the form of PKCS#11, `04 x y`.
    /// - Throws: `CryptoKitError` if the point is not on the curve (SP 800-56A, section 5.6.2.3.3)
    public init(point: [UInt8], on curve: KeyAlgorithm) throws {
        self.init(try EllipticCurveKey(point: point, on: curve))
    }

    /// - Parameter point: the 32 octets of RFC 8032, section 5.1.5
    public init(ed25519 point: [UInt8]) throws {
        self.init(try Ed25519Key(point))
    }

    /// - Parameters:
    ///   - modulus: big-endian
    ///   - exponent: big-endian
    public init(modulus: [UInt8], exponent: [UInt8]) throws {
        self.init(try RSAKey(modulus: modulus, exponent: exponent))
    }

    private static func verifyingKey(_ key: Certificate.PublicKey) throws -> any VerifyingKey {
        for family in PublicKeyFamilies.all {
            if let key = family.key(key) { return key }
        }
        throw PublicKeyFault.unsupported("\(key)")
    }

    /// The API's name for keys of this kind; nil for a kind that an authority cannot have.
    public var algorithm: KeyAlgorithm? { key.algorithm }
    /// The length in bits of the modulus, or of a coordinate.
    public var bits: Int { key.bits }
    /// The name of its kind, such as `EC_prime256v1` or `ED25519`. It is `RSA` for a length that an authority
    /// cannot have.
    public var name: String { key.name }
    /// The octets of the BIT STRING.
    var keyBits: [UInt8] { key.keyBits }

    /// Whether `signature`, encoded as X.509 requires, is a signature of this key over `message`.
    public func isValidSignature(
        _ signature: [UInt8], of message: [UInt8], _ algorithm: SignatureAlgorithm
    ) -> Bool {
        key.isValidSignature(signature, of: message, algorithm)
    }

    /// As ``isValidSignature(_:of:_:)``, by the API's name of the algorithm.
    public func isValidSignature(
        _ signature: [UInt8], of message: [UInt8], _ algorithm: SigningAlgorithm
    ) -> Bool {
        key.isValidSignature(signature, of: message, algorithm.signature)
    }

    /// Whether it is the key that the library parsed.
    public func matches(_ key: Certificate.PublicKey) -> Bool { (try? Self(key)) == self }

    public static func == (one: Self, other: Self) -> Bool { one.derBytes == other.derBytes }

    public func hash(into hasher: inout Hasher) { hasher.combine(derBytes) }
}
