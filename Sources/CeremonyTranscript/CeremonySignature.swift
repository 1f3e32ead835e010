public import PKIX

/// The names of signature algorithms in a transcript.
public enum CeremonySignature {
    private static let names: [(String, SignatureAlgorithm)] = [
        ("SHA256WITHECDSA", .ecdsa(.sha256)), ("SHA384WITHECDSA", .ecdsa(.sha384)),
        ("SHA512WITHECDSA", .ecdsa(.sha512)), ("SHA256WITHRSA", .rsaPKCS1(.sha256)),
        ("SHA384WITHRSA", .rsaPKCS1(.sha384)), ("SHA512WITHRSA", .rsaPKCS1(.sha512)),
        ("ED25519", .ed25519),
    ]

    static var all: [SignatureAlgorithm] { names.map { $0.1 } }

    public static func algorithm(_ name: String) -> SignatureAlgorithm? {
        names.first { $0.0 == name }?.1
    }

    public static func name(_ algorithm: SignatureAlgorithm) -> String? {
        names.first { $0.1 == algorithm }?.0
    }
}
