public import X509

extension KeyAlgorithm {
    /// The algorithm of the key; nil for a key that an authority cannot have.
    public init?(_ publicKey: Certificate.PublicKey) {
        guard let algorithm = (try? SubjectPublicKey(publicKey))?.algorithm else { return nil }
        self = algorithm
    }
}
