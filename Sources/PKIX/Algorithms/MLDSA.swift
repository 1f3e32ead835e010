internal import SwiftASN1
internal import X509

/// ML-DSA (FIPS 204, RFC 9881).
enum MLDSA: PublicKeyFamily {
    static let algorithms: [ASN1ObjectIdentifier] = [.mlDSA44, .mlDSA65, .mlDSA87]
    static let signatureNames: [ASN1ObjectIdentifier: String] = [:]
    // RFC 9881, section 2: parameters absent.
    static let signaturesHaveParameters = false

    static func check(_ info: SubjectPublicKeyInfo, known: KnownWeakKeys) throws(PublicKeyFault) {
        throw refusal
    }

    static func key(_ info: SubjectPublicKeyInfo) throws -> any VerifyingKey { throw refusal }
    static func key(_ key: Certificate.PublicKey) -> (any VerifyingKey)? { nil }

    private static let refusal = PublicKeyFault.unsupported(
        "ML-DSA (FIPS 204), which is refused until the tokens can sign with it")
}

extension ASN1ObjectIdentifier {
    /// RFC 9881, section 2
    static let mlDSA44: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 3, 17]
    static let mlDSA65: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 3, 18]
    static let mlDSA87: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 3, 19]
}
