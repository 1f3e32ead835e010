public import PKCS11
public import TokenProtocol

/// What PKCS#11 has for one family of keys: mechanisms, attributes and the octets that are signed. Each file
/// of this folder that is named for a family has one conformance; a new family is a file and its lines in
/// ``KeyKind/Family``.
protocol KeyFamily: SendableMetatype {
    /// What a token must have for keys of the family, and what it may have in place of one of them.
    static var mechanisms: [MechanismType] { get }
    /// Makes key pairs of the family.
    static func generationMechanism(_ profile: TokenProfile) -> MechanismType
    /// The one mechanism that a key of the kind may be used with.
    static func signingMechanism(_ kind: KeyKind) -> MechanismType
    /// The signing mechanism with the parameters it has for the scheme.
    static func mechanism(_ kind: KeyKind, _ scheme: SignatureScheme) -> Mechanism
    /// What `C_Sign` is given for a digest, or for the message of a scheme without one.
    static func input(_ input: [UInt8], _ kind: KeyKind, _ scheme: SignatureScheme) -> [UInt8]

    /// What the template of a public key says of its size or curve.
    static func parameters(_ kind: KeyKind, _ profile: TokenProfile) -> AttributeTemplate
    /// The attribute of a public key that tells the kinds of this family apart.
    static var kindAttribute: AttributeType { get }
    /// The kinds whose public keys have this value of ``kindAttribute``.
    static func kinds(_ value: [UInt8], _ profile: TokenProfile) -> [KeyKind]

    /// The attributes of a public key that the key is read from.
    static var publicAttributes: [AttributeType] { get }
    /// The key in the values of ``publicAttributes``, in their order.
    static func publicKey(_ kind: KeyKind, _ values: [[UInt8]?]) throws(WorkerFailure) -> PublicKeyMaterial
    /// The attribute of a private key that no token may show.
    static var secretAttribute: AttributeType { get }
}

extension KeyFamily {
    static func mechanism(_ kind: KeyKind, _ scheme: SignatureScheme) -> Mechanism {
        Mechanism(signingMechanism(kind))
    }

    static func input(_ input: [UInt8], _ kind: KeyKind, _ scheme: SignatureScheme) -> [UInt8] { input }
}

extension KeyKind {
    /// Where the knowledge of each family is.
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

    /// Each family once, in the order in which an unknown key is held against them.
    static let algorithms: [any KeyFamily.Type] = [EC.self, RSA.self, EdDSA.self]

    /// The mechanisms of all families.
    public static var mechanisms: [MechanismType] { algorithms.flatMap { $0.mechanisms } }
}
