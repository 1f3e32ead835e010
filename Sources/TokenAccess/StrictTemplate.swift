public import PKCS11
public import TokenProtocol

/// The template for new signing keys, and the values that must be read back. The template sets every FALSE
/// explicitly: by default some tokens let a "signing" key decrypt, and RSA decryption amounts to signing.
public struct StrictTemplate: Sendable {
    let kind: KeyKind
    let profile: TokenProfile

    public init(kind: KeyKind, profile: TokenProfile) {
        self.kind = kind
        self.profile = profile
    }

    /// Generates a key pair on the token. `isDestroyable` sets CKA_DESTROYABLE of the private key.
    public func generateKeyPair(
        identifier: [UInt8], label: String, isDestroyable: Bool = false, in session: borrowing Session
    ) throws(PKCS11Error) -> (publicKey: ObjectHandle, privateKey: ObjectHandle) {
        try session.generateKeyPair(
            generationMechanism, publicTemplate: publicKey(identifier: identifier, label: label),
            privateTemplate: privateKey(identifier: identifier, label: label, isDestroyable: isDestroyable))
    }

    var generationMechanism: MechanismType { kind.algorithm.generationMechanism(profile) }

    /// The only mechanism that a key of this kind may be used with.
    var signingMechanism: MechanismType { kind.algorithm.signingMechanism(kind) }

    func privateKey(
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

    func publicKey(identifier: [UInt8], label: String) -> AttributeTemplate {
        taken(
            [
                (.token, .boolean(true)),
                (.verify, .boolean(true)),
                (.verifyRecover, .boolean(false)),
                (.encrypt, .boolean(false)),
                (.wrap, .boolean(false)),
                (.modifiable, .boolean(false)),
                (.identifier, .bytes(identifier)),
                (.label, .bytes(Array(label.utf8))),
            ] + kind.algorithm.parameters(kind, profile))
    }

    private func taken(_ template: AttributeTemplate) -> AttributeTemplate {
        template.filter { !profile.omittedFromTemplates.contains($0.type.description) }
    }

    /// The values that must be read back from the private key before it is used.
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
            // PKCS#11 2.40, section 4.9: private keys do not have these two; a token that reports them must
            // report FALSE.
            Expectation(.encrypt, .boolean(false), mayBeUnavailable: true),
            Expectation(.wrap, .boolean(false), mayBeUnavailable: true),
            // A service cannot log in for every signature.
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
