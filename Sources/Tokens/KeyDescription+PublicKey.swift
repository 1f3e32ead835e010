public import PKIX
public import TokenProtocol

extension KeyKind {
    public init(_ algorithm: KeyAlgorithm) {
        switch algorithm {
        case .ecPrime256v1: self = .ecP256
        case .ecSecp384r1: self = .ecP384
        case .ecSecp521r1: self = .ecP521
        case .rsa2048: self = .rsa2048
        case .rsa3072: self = .rsa3072
        case .rsa4096: self = .rsa4096
        }
    }
}

extension KeyDescription {
    /// The public key, checked: a point that is not on its curve is refused (SP 800-56A, section 5.6.2.3.3).
    func subjectPublicKey() throws(HSMError) -> SubjectPublicKey {
        do {
            switch publicKey {
            case .ec(.ecP256, let point): return try SubjectPublicKey(point: point, on: .ecPrime256v1)
            case .ec(.ecP384, let point): return try SubjectPublicKey(point: point, on: .ecSecp384r1)
            case .ec(.ecP521, let point): return try SubjectPublicKey(point: point, on: .ecSecp521r1)
            case .ec(.ed25519, let point): return try SubjectPublicKey(ed25519: point)
            case .rsa(let modulus, let exponent):
                return try SubjectPublicKey(modulus: modulus, exponent: exponent)
            case .ec: throw HSMError.unexpectedAnswer
            }
        } catch {
            throw .unexpectedAnswer
        }
    }
}
