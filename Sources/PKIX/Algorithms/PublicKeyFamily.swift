internal import SwiftASN1
internal import X509

/// The X.509 encoding of one family of public keys, and the family's tests for weak keys. Each file in this
/// folder that is named for a family has one conformance. To add a family, add its file, its line in ``all``,
/// and its names to the API's lists.
protocol PublicKeyFamily: SendableMetatype {
    /// The algorithms of its SubjectPublicKeyInfo.
    static var algorithms: [ASN1ObjectIdentifier] { get }
    /// The names of the algorithms that its keys sign with, including those that are refused.
    static var signatureNames: [ASN1ObjectIdentifier: String] { get }
    /// Whether the AlgorithmIdentifier of a signature has parameters.
    static var signaturesHaveParameters: Bool { get }

    /// Refuses a key with a weakness that a quick test finds.
    static func check(_ info: SubjectPublicKeyInfo, known: KnownWeakKeys) throws(PublicKeyFault)
    /// Refuses a key with a weakness whose test takes milliseconds.
    static func checkThoroughly(_ info: SubjectPublicKeyInfo) throws(PublicKeyFault)
    /// The fault of a key that the library does not parse, as a sentence; nil when the fault is unknown.
    static func problem(of info: SubjectPublicKeyInfo) -> String?

    /// The key in `info`, ready to verify signatures.
    static func key(_ info: SubjectPublicKeyInfo) throws -> any VerifyingKey
    /// A key that the library parsed; nil for one of another family.
    static func key(_ key: Certificate.PublicKey) -> (any VerifyingKey)?
}

extension PublicKeyFamily {
    static func checkThoroughly(_ info: SubjectPublicKeyInfo) throws(PublicKeyFault) {}
    static func problem(of info: SubjectPublicKeyInfo) -> String? { nil }
}

enum PublicKeyFamilies {
    static let all: [any PublicKeyFamily.Type] = [EllipticCurve.self, RSA.self, Ed25519.self, MLDSA.self]

    /// The family of a key by its algorithm; nil for one that Signet does not know.
    static func family(of algorithm: ASN1ObjectIdentifier) -> (any PublicKeyFamily.Type)? {
        all.first { $0.algorithms.contains(algorithm) }
    }
}
