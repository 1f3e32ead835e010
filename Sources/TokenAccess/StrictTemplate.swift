public import PKCS11
public import TokenProtocol

/// What a signing key is generated with and what must be read back from it. Every FALSE is said aloud: the
/// defaults of some tokens let a "signing" key decrypt, which is a signature by another name.
public struct StrictTemplate: Sendable {
    let kind: KeyKind
    let profile: TokenProfile

    public init(kind: KeyKind, profile: TokenProfile) {
        self.kind = kind
        self.profile = profile
    }

    public var generationMechanism: MechanismType {
        switch kind.family {
        case .ecdsa: .ecKeyPairGen
        case .edwards: .edwardsKeyPairGen
        case .rsaPKCS1, .rsaPSS: profile.rsaKeyGeneration == .x931 ? .rsaX931KeyPairGen : .rsaKeyPairGen
        }
    }

    /// The one mechanism a key of this kind may be used with.
    var signingMechanism: MechanismType {
        switch kind.family {
        case .ecdsa: .ecdsa
        case .edwards: .eddsa
        case .rsaPKCS1: .rsaPKCS
        case .rsaPSS: .rsaPSS
        }
    }

    public func privateKey(
        identifier: [UInt8], label: String, isDestroyable: Bool = false
    ) -> AttributeTemplate {
        taken([
            (.token, .boolean(true)),
            (.isPrivate, .boolean(profile.adjustment(of: "CKA_PRIVATE", for: kind) ?? true)),
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
            (.destroyable, .boolean(isDestroyable)),
            (.allowedMechanisms, .mechanisms([signingMechanism])),
            (.identifier, .bytes(identifier)),
            (.label, .bytes(Array(label.utf8))),
        ])
    }

    public func publicKey(identifier: [UInt8], label: String) -> AttributeTemplate {
        var template: AttributeTemplate = [
            (.token, .boolean(true)),
            (.verify, .boolean(true)),
            (.verifyRecover, .boolean(false)),
            (.encrypt, .boolean(false)),
            (.wrap, .boolean(false)),
            (.modifiable, .boolean(false)),
            (.identifier, .bytes(identifier)),
            (.label, .bytes(Array(label.utf8))),
        ]
        if let parameters = curveParameters.first {
            template.append((.ecParameters, .bytes(parameters)))
        } else {
            template.append((.modulusBits, .number(UInt(kind.modulusBits ?? 0))))
            template.append((.publicExponent, .bytes([0x01, 0x00, 0x01])))
        }
        return taken(template)
    }

    /// CKA_EC_PARAMS of the curve, the form the token takes first, then others it may answer; empty for RSA.
    var curveParameters: [[UInt8]] {
        switch kind {
        // The OID 1.2.840.10045.3.1.7 (secp256r1), DER
        case .ecP256: return [[0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]]
        // The OID 1.3.132.0.34 (secp384r1), DER
        case .ecP384: return [[0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]]
        // The OID 1.3.132.0.35 (secp521r1), DER
        case .ecP521: return [[0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23]]
        case .ed25519:
            // The OID 1.3.101.112 (id-Ed25519, RFC 8410), DER
            let identifier: [UInt8] = [0x06, 0x03, 0x2B, 0x65, 0x70]
            // PKCS#11 3.0, section 2.3.5: the PrintableString `edwards25519`
            let name: [UInt8] = [0x13, 0x0C] + Array("edwards25519".utf8)
            return profile.edwardsParameters == .printableString ? [name, identifier] : [identifier, name]
        default: return []
        }
    }

    private func taken(_ template: AttributeTemplate) -> AttributeTemplate {
        template.filter { !profile.omittedFromTemplates.contains($0.type.description) }
    }

    /// What must be read back from the private key before it is used.
    var expectations: [Expectation] {
        let list = [
            Expectation(.token, .boolean(true)),
            Expectation(.isPrivate, .boolean(true)),
            Expectation(.sensitive, .boolean(true)),
            Expectation(.alwaysSensitive, .boolean(true)),
            Expectation(.extractable, .boolean(false)),
            Expectation(.neverExtractable, .boolean(true)),
            Expectation(.local, .boolean(true)),
            Expectation(.keyGenMechanism, .mechanisms([generationMechanism])),
            Expectation(.sign, .boolean(true)),
            Expectation(.signRecover, .boolean(false)),
            Expectation(.decrypt, .boolean(false)),
            Expectation(.unwrap, .boolean(false)),
            Expectation(.derive, .boolean(false)),
            Expectation(.modifiable, .boolean(false)),
            Expectation(.copyable, .boolean(false)),
            Expectation(.allowedMechanisms, .mechanisms([signingMechanism])),
            // PKCS#11 2.40, section 4.9: private keys do not have these two; a token that answers must say
            // FALSE.
            Expectation(.encrypt, .boolean(false), mayBeUnavailable: true),
            Expectation(.wrap, .boolean(false), mayBeUnavailable: true),
            // A login for every signature is none that a service can make.
            Expectation(.alwaysAuthenticate, .boolean(false), mayBeUnavailable: true),
        ]
        return list.map { expectation in
            let name = expectation.type.description
            guard let adjusted = profile.adjustment(of: name, for: kind) else { return expectation }
            return Expectation(
                expectation.type, .boolean(adjusted), mayBeUnavailable: expectation.mayBeUnavailable)
        }
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
