public import X509

/// The names of signature algorithms in a transcript.
public enum CeremonySignature {
    private static let names: [(String, Certificate.SignatureAlgorithm)] = [
        ("SHA256WITHECDSA", .ecdsaWithSHA256), ("SHA384WITHECDSA", .ecdsaWithSHA384),
        ("SHA512WITHECDSA", .ecdsaWithSHA512), ("SHA256WITHRSA", .sha256WithRSAEncryption),
        ("SHA384WITHRSA", .sha384WithRSAEncryption), ("SHA512WITHRSA", .sha512WithRSAEncryption),
        ("ED25519", .ed25519),
    ]

    public static func algorithm(_ name: String) -> Certificate.SignatureAlgorithm? {
        names.first { $0.0 == name }?.1
    }

    public static func name(_ algorithm: Certificate.SignatureAlgorithm) -> String? {
        names.first { $0.1 == algorithm }?.0
    }
}
