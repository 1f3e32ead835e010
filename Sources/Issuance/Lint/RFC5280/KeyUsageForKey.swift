internal import PKIX
internal import X509

enum KeyUsageForKeyLint {
    static let rule = LintRule("RFC 5280, section 4.2.1.3", "keyUsage") { subject in
        guard let usage = subject.keyUsage, let rule = KeyUsageLimit(subject.key) else { return nil }
        let excess = rule.forbidden.first { usage[keyPath: $0.bit] && !subject.isOfTemplate($0.bit) }
        if let excess { return "has \(excess.name) for a key that \(rule.reason) (\(rule.source))" }
        if let needed = rule.needed, !usage[keyPath: needed.bit] {
            return "lacks \(needed.name) for a key that \(rule.reason) (\(rule.source))"
        }
        return nil
    }
}

extension LintSubject {
    /// AWS's templates give keyEncipherment to every key, and custom templates may. A request may not.
    fileprivate func isOfTemplate(_ bit: KeyPath<KeyUsage, Bool>) -> Bool {
        bit == \KeyUsage.keyEncipherment && issuance?.templateKeyUsage?.keyEncipherment == true
    }
}

/// The key usages that a kind of key cannot have.
private struct KeyUsageLimit {
    typealias Bit = (name: String, bit: KeyPath<KeyUsage, Bool>)

    let forbidden: [Bit]
    var needed: Bit?
    let reason: String
    let source: String

    init(_ forbidden: [Bit], needed: Bit? = nil, _ reason: String, _ source: String) {
        self.forbidden = forbidden
        self.needed = needed
        self.reason = reason
        self.source = source
    }

    init?(_ key: PublicKeyKind) {
        guard let limit = Self.limit(key) else { return nil }
        self = limit
    }

    private static func limit(_ key: PublicKeyKind) -> KeyUsageLimit? {
        switch key {
        // RFC 3279, section 2.3.1: an RSA key signs and enciphers.
        case .rsa: KeyUsageLimit([agreement], "cannot agree on keys", "RFC 3279, section 2.3.1")
        // RFC 4055, section 1.2
        case .rsassaPSS:
            KeyUsageLimit([encipherment, data, agreement], "can only sign", "RFC 4055, section 1.2")
        // RFC 4055, section 1.2
        case .rsaesOAEP:
            KeyUsageLimit(signing + [agreement], "can only encipher", "RFC 4055, section 1.2")
        // RFC 3279, section 2.3.2
        case .dsa:
            KeyUsageLimit([encipherment, data, agreement], "can only sign", "RFC 3279, section 2.3.2")
        // RFC 8813, section 3: neither keyEncipherment nor dataEncipherment for id-ecPublicKey.
        case .ellipticCurve:
            KeyUsageLimit([encipherment, data], "cannot encipher", "RFC 8813, section 3")
        // RFC 8813, section 3: id-ecDH and id-ecMQV must have keyAgreement.
        case .ellipticCurveAgreement:
            KeyUsageLimit(
                signing + [encipherment, data], needed: agreement, "can only agree on keys",
                "RFC 8813, section 3")
        // RFC 3279, section 2.3.3
        case .diffieHellman:
            KeyUsageLimit(
                signing + [encipherment, data], needed: agreement, "can only agree on keys",
                "RFC 3279, section 2.3.3")
        // RFC 9295, section 3, which updates RFC 8410, section 5.
        case .x25519, .x448:
            KeyUsageLimit(
                signing + [encipherment, data], needed: agreement, "can only agree on keys",
                "RFC 9295, section 3")
        // RFC 9295, section 3, which updates RFC 8410, section 5.
        case .ed25519, .ed448:
            KeyUsageLimit([encipherment, data, agreement], "can only sign", "RFC 9295, section 3")
        // RFC 9881, section 5
        case .mlDSA: KeyUsageLimit([encipherment, data, agreement], "can only sign", "RFC 9881, section 5")
        // RFC 9935, section 5: only keyEncipherment.
        case .mlKEM:
            KeyUsageLimit(
                signing + [data, agreement], needed: encipherment, "can only encipher keys",
                "RFC 9935, section 5")
        case .other, .malformed: nil
        }
    }

    private static var encipherment: Bit { ("keyEncipherment", \.keyEncipherment) }
    private static var data: Bit { ("dataEncipherment", \.dataEncipherment) }
    private static var agreement: Bit { ("keyAgreement", \.keyAgreement) }
    private static var signing: [Bit] {
        [
            ("digitalSignature", \.digitalSignature), ("nonRepudiation", \.nonRepudiation),
            ("keyCertSign", \.keyCertSign), ("cRLSign", \.cRLSign),
        ]
    }
}
