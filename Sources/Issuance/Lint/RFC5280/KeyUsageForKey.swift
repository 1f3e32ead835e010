internal import Crypto
internal import X509

extension LintRule {
    static let keyUsageForKey = LintRule("RFC 5280, section 4.2.1.3", "keyUsage") { subject in
        guard let usage = subject.keyUsage else { return nil }
        // RFC 5280, section 4.2.1.3: encipherOnly and decipherOnly mean something with keyAgreement only.
        if usage.encipherOnly || usage.decipherOnly, !usage.keyAgreement {
            return "has encipherOnly or decipherOnly without keyAgreement"
        }
        // RFC 8410, section 5: an Ed25519 key signs.
        if usage.dataEncipherment || usage.keyAgreement,
            Curve25519.Signing.PublicKey(subject.certificate.publicKey) != nil
        {
            return "has dataEncipherment or keyAgreement for a key that can only sign"
        }
        return nil
    }
}
