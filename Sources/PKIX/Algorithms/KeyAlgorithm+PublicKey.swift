internal import Crypto
public import X509
internal import _CryptoExtras

extension KeyAlgorithm {
    /// What kind of key it is; nil for one that no authority can have.
    public init?(_ publicKey: Certificate.PublicKey) {
        if P256.Signing.PublicKey(publicKey) != nil {
            self = .ecPrime256v1
        } else if P384.Signing.PublicKey(publicKey) != nil {
            self = .ecSecp384r1
        } else if P521.Signing.PublicKey(publicKey) != nil {
            self = .ecSecp521r1
        } else if let key = _RSA.Signing.PublicKey(publicKey) {
            switch key.keySizeInBits {
            case 2048: self = .rsa2048
            case 3072: self = .rsa3072
            case 4096: self = .rsa4096
            default: return nil
            }
        } else {
            return nil
        }
    }
}
