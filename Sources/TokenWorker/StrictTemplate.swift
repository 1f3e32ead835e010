internal import PKCS11
internal import TokenProtocol

/// What a signing key is generated with and what must be read back from it. Every FALSE is said aloud: the
/// defaults of some tokens let a "signing" key decrypt, which is a signature by another name.
enum StrictTemplate {
    static func generationMechanism(_ kind: KeyKind) -> MechanismType {
        switch kind {
        case .ecP256, .ecP384, .ecP521: .ecKeyPairGen
        case .rsa2048, .rsa3072, .rsa4096: .rsaKeyPairGen
        }
    }

    /// The one mechanism a key of this kind may be used with.
    static func signingMechanism(_ kind: KeyKind) -> MechanismType {
        switch kind {
        case .ecP256, .ecP384, .ecP521: .ecdsa
        case .rsa2048, .rsa3072, .rsa4096: .rsaPKCS
        }
    }

    static func privateKey(_ kind: KeyKind, identifier: [UInt8], label: String) -> AttributeTemplate {
        [
            (.token, .boolean(true)),
            (.isPrivate, .boolean(true)),
            (.sensitive, .boolean(true)),
            (.extractable, .boolean(false)),
            (.sign, .boolean(true)),
            (.signRecover, .boolean(false)),
            (.decrypt, .boolean(false)),
            (.unwrap, .boolean(false)),
            (.derive, .boolean(false)),
            (.wrapWithTrusted, .boolean(true)),
            (.modifiable, .boolean(false)),
            (.copyable, .boolean(false)),
            (.destroyable, .boolean(false)),
            (.allowedMechanisms, .mechanisms([signingMechanism(kind)])),
            (.identifier, .bytes(identifier)),
            (.label, .bytes(Array(label.utf8))),
        ]
    }

    static func publicKey(_ kind: KeyKind, identifier: [UInt8], label: String) -> AttributeTemplate {
        let common: AttributeTemplate = [
            (.token, .boolean(true)),
            (.verify, .boolean(true)),
            (.verifyRecover, .boolean(false)),
            (.encrypt, .boolean(false)),
            (.wrap, .boolean(false)),
            (.modifiable, .boolean(false)),
            (.identifier, .bytes(identifier)),
            (.label, .bytes(Array(label.utf8))),
        ]
        switch kind {
        case .ecP256:
            // The OID 1.2.840.10045.3.1.7 (secp256r1), DER
            return common + [
                (.ecParameters, .bytes([0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]))
            ]
        case .ecP384:
            // The OID 1.3.132.0.34 (secp384r1), DER
            return common + [(.ecParameters, .bytes([0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]))]
        case .ecP521:
            // The OID 1.3.132.0.35 (secp521r1), DER
            return common + [(.ecParameters, .bytes([0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23]))]
        case .rsa2048, .rsa3072, .rsa4096:
            let bits = UInt(kind.modulusBits ?? 0)
            return common + [(.modulusBits, .number(bits)), (.publicExponent, .bytes([0x01, 0x00, 0x01]))]
        }
    }

    /// What must be read back from the private key before it is used.
    static func expectations(_ kind: KeyKind) -> [Expectation] {
        [
            Expectation(.token, .boolean(true)),
            Expectation(.isPrivate, .boolean(true)),
            Expectation(.sensitive, .boolean(true)),
            Expectation(.alwaysSensitive, .boolean(true)),
            Expectation(.extractable, .boolean(false)),
            Expectation(.neverExtractable, .boolean(true)),
            Expectation(.local, .boolean(true)),
            Expectation(.keyGenMechanism, .mechanisms([generationMechanism(kind)])),
            Expectation(.sign, .boolean(true)),
            Expectation(.signRecover, .boolean(false)),
            Expectation(.decrypt, .boolean(false)),
            Expectation(.unwrap, .boolean(false)),
            Expectation(.derive, .boolean(false)),
            Expectation(.modifiable, .boolean(false)),
            Expectation(.copyable, .boolean(false)),
            Expectation(.allowedMechanisms, .mechanisms([signingMechanism(kind)])),
            // PKCS#11 2.40, section 4.9: private keys do not have these two; a token that answers must say
            // FALSE.
            Expectation(.encrypt, .boolean(false), mayBeUnavailable: true),
            Expectation(.wrap, .boolean(false), mayBeUnavailable: true),
        ]
    }

    struct Expectation {
        let type: AttributeType
        let wanted: AttributeValue
        let mayBeUnavailable: Bool

        init(_ type: AttributeType, _ wanted: AttributeValue, mayBeUnavailable: Bool = false) {
            self.type = type
            self.wanted = wanted
            self.mayBeUnavailable = mayBeUnavailable
        }
    }
}
