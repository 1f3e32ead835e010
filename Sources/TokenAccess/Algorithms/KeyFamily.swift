public import PKCS11
public import TokenProtocol

/// The parts of PKCS#11 for one family of keys: mechanisms, attributes and the octets that are signed. Each
/// family has its conformance in a file of this folder, and its lines in ``KeyKind/Family``.
protocol KeyFamily: SendableMetatype {
    /// The mechanisms that a token needs for keys of the family, and possible replacements.
    static var mechanisms: [MechanismType] { get }
    /// The mechanism that generates key pairs of the family.
    static func generationMechanism(_ profile: TokenProfile) -> MechanismType
    /// The one mechanism that a key of the kind may be used with.
    static func signingMechanism(_ kind: KeyKind) -> MechanismType
    /// The signing mechanism with the parameters it has for the scheme.
    static func mechanism(_ kind: KeyKind, _ scheme: SignatureScheme) -> Mechanism
    /// The input of `C_Sign` for a digest, or for the message of a scheme without one.
    static func input(_ input: [UInt8], _ kind: KeyKind, _ scheme: SignatureScheme) -> [UInt8]

    /// The attributes for the size or curve in the template of a public key.
    static func parameters(_ kind: KeyKind, _ profile: TokenProfile) -> AttributeTemplate
    /// The attribute of a public key that distinguishes the kinds of this family.
    static var kindAttribute: AttributeType { get }
    /// The kinds whose public keys have this value of ``kindAttribute``.
    static func kinds(_ value: [UInt8], _ profile: TokenProfile) -> [KeyKind]

    /// The attributes from which the public key is read.
    static var publicAttributes: [AttributeType] { get }
    /// The key in the values of ``publicAttributes``, in their order.
    static func publicKey(_ kind: KeyKind, _ values: [[UInt8]?]) throws(WorkerFailure) -> PublicKeyMaterial
    /// The secret attribute of a private key, which no token may reveal.
    static var secretAttribute: AttributeType { get }
}

extension KeyFamily {
    static func mechanism(_ kind: KeyKind, _ scheme: SignatureScheme) -> Mechanism {
        Mechanism(signingMechanism(kind))
    }

    static func input(_ input: [UInt8], _ kind: KeyKind, _ scheme: SignatureScheme) -> [UInt8] { input }
}

extension KeyKind {
    /// The conformance of the kind's family.
    var algorithm: any KeyFamily.Type { family.algorithm }
}

extension KeyKind.Family {
    var algorithm: any KeyFamily.Type {
        switch self {
        case .ecdsa: EC.self
        case .edwards: EdDSA.self
        case .rsaPKCS1, .rsaPSS: RSA.self
        }
    }

    /// All families, in the order in which an unknown key is compared with them.
    static let algorithms: [any KeyFamily.Type] = [EC.self, RSA.self, EdDSA.self]

    /// The mechanisms of all families.
    public static var mechanisms: [MechanismType] { algorithms.flatMap { $0.mechanisms } }
}
