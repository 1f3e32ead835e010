public import X509

extension KeyAlgorithm {
    /// What kind of key it is; nil for one that no authority can have.
    public init?(_ publicKey: Certificate.PublicKey) {
        guard let algorithm = (try? SubjectPublicKey(publicKey))?.algorithm else { return nil }
        self = algorithm
    }
}
