internal import Crypto
internal import X509
internal import _CryptoExtras

extension LintRule {
    static let subjectPublicKey = LintRule("RFC 5280, section 4.1.2.7", "subjectPublicKeyInfo") { subject in
        guard let key = _RSA.Signing.PublicKey(subject.certificate.publicKey) else { return nil }
        // SP 800-131A: 112 bits of strength.
        return key.keySizeInBits >= 2048 ? nil : "is an RSA key of \(key.keySizeInBits) bits"
    }
}
