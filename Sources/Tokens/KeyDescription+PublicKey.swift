internal import Crypto
public import PKIX
public import TokenProtocol
internal import X509
internal import _CryptoExtras

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
    func certificatePublicKey() throws(HSMError) -> Certificate.PublicKey {
        do {
            switch publicKey {
            case .ec(.ecP256, let point):
                return Certificate.PublicKey(try P256.Signing.PublicKey(x963Representation: point))
            case .ec(.ecP384, let point):
                return Certificate.PublicKey(try P384.Signing.PublicKey(x963Representation: point))
            case .ec(.ecP521, let point):
                return Certificate.PublicKey(try P521.Signing.PublicKey(x963Representation: point))
            case .ec(.ed25519, let point):
                return Certificate.PublicKey(try Curve25519.Signing.PublicKey(rawRepresentation: point))
            case .rsa(let modulus, let exponent):
                return Certificate.PublicKey(try _RSA.Signing.PublicKey(n: modulus, e: exponent))
            case .ec:
                throw HSMError.unexpectedAnswer
            }
        } catch {
            throw .unexpectedAnswer
        }
    }
}
