/// The peculiarities of one vendor's tokens. A profile can omit attributes from a template and accept that
/// some are not reported. It cannot accept a wrong value, and cannot waive the attributes that every key must
/// prove.
public struct TokenProfile: Sendable, Hashable {
    /// The vendor's name for the token, such as `SoftHSM 2`.
    public var name: String
    /// The standard's names of attributes that the token does not accept in a template.
    public var omittedFromTemplates: Set<String>
    /// Attributes of a private key that the token need not report. Only those in ``waivable``.
    public var mayBeUnavailable: Set<String>
    /// Attributes that have another required value on this token. Only those in ``adjustable``.
    public var adjusted: [String: Bool]
    /// Failure classes of return values that this token uses differently from the standard.
    public var returnValues: [UInt64: FailureClass]
    public var keepAlive: KeepAlive
    public var rsaKeyGeneration: RSAKeyGeneration
    public var edwardsParameters: EdwardsParameters
    /// The string that the module requires in `pReserved` of CK_C_INITIALIZE_ARGS, contrary to the standard;
    /// nil for none.
    public var initializeParameters: String?
    /// The sockets the module needs.
    public var sockets: SocketFamilies
    /// Files and directories that every installation of the module reads and writes, such as its devices.
    /// Paths that do not exist are skipped.
    public var paths: [String]
    /// Settings that replace these for some versions of the library. The version ranges do not overlap.
    public var versions: [VersionProfile] = []

    /// A cheap call in each idle session, so that token and network do not close it.
    public enum KeepAlive: Sendable, Hashable {
        case none
        /// `C_GetSessionInfo`, which some modules answer without the token. The interval is in seconds.
        case sessionInfo(UInt16)
        /// `C_GenerateRandom` of one byte, which reaches the token. The interval is in seconds.
        case random(UInt16)
    }

    public enum RSAKeyGeneration: UInt8, Sendable, Hashable {
        /// `CKM_RSA_PKCS_KEY_PAIR_GEN`
        case pkcs = 1
        /// `CKM_RSA_X9_31_KEY_PAIR_GEN`, the only mechanism of modules in FIPS mode.
        case x931 = 2
    }

    /// CKA_EC_PARAMS of Ed25519 (PKCS#11 3.0 allows both).
    public enum EdwardsParameters: UInt8, Sendable, Hashable {
        case objectIdentifier = 1
        case printableString = 2
    }

    /// The attributes that a profile may waive. A key that does not report the others is not used.
    public static let waivable: Set<String> = [
        "CKA_KEY_GEN_MECHANISM", "CKA_ALLOWED_MECHANISMS", "CKA_MODIFIABLE", "CKA_COPYABLE",
        "CKA_SIGN_RECOVER",
        "CKA_DERIVE", "CKA_UNWRAP",
    ]

    /// The attributes whose required value a profile may change. CKA_PRIVATE is FALSE for keys protected by
    /// the module alone (nShield). CKA_MODIFIABLE and CKA_COPYABLE are for tokens that report one value for
    /// every key; they do not weaken CKA_SENSITIVE and CKA_EXTRACTABLE. CKA_DECRYPT and CKA_ENCRYPT are
    /// changed for elliptic-curve keys only (tpm2-pkcs11 reports TRUE for every key): no mechanism decrypts
    /// with such keys, while an RSA key that decrypts also makes signatures.
    public static let adjustable: Set<String> = [
        "CKA_PRIVATE", "CKA_MODIFIABLE", "CKA_COPYABLE", "CKA_DECRYPT", "CKA_ENCRYPT",
    ]

    /// The entries of ``adjusted`` for a key of this kind.
    public func adjustment(of attribute: String, for kind: KeyKind) -> Bool? {
        let isForCurves = ["CKA_DECRYPT", "CKA_ENCRYPT"].contains(attribute)
        return isForCurves && kind.modulusBits != nil ? nil : adjusted[attribute]
    }

    public init(
        name: String, omittedFromTemplates: Set<String> = [], mayBeUnavailable: Set<String> = [],
        adjusted: [String: Bool] = [:], returnValues: [UInt64: FailureClass] = [:],
        keepAlive: KeepAlive = .none, rsaKeyGeneration: RSAKeyGeneration = .pkcs,
        edwardsParameters: EdwardsParameters = .objectIdentifier, initializeParameters: String? = nil,
        sockets: SocketFamilies = [], paths: [String] = []
    ) {
        self.name = name
        self.omittedFromTemplates = omittedFromTemplates
        self.mayBeUnavailable = mayBeUnavailable
        self.adjusted = adjusted
        self.returnValues = returnValues
        self.keepAlive = keepAlive
        self.rsaKeyGeneration = rsaKeyGeneration
        self.edwardsParameters = edwardsParameters
        self.initializeParameters = initializeParameters
        self.sockets = sockets
        self.paths = paths
    }

    /// A token that conforms to the standard.
    public static let standard = TokenProfile(name: "standard")
}

extension TokenProfile {
    func write(to writer: inout FrameWriter) {
        writer.put(name)
        writer.put(omittedFromTemplates.sorted())
        writer.put(mayBeUnavailable.sorted())
        writer.put(adjusted)
        writer.put(returnValues)
        switch keepAlive {
        case .none: writer.put(UInt32(0))
        case .sessionInfo(let seconds): writer.put(UInt32(seconds))
        case .random(let seconds): writer.put(UInt32(seconds) | 1 << 16)
        }
        writer.put(rsaKeyGeneration.rawValue)
        writer.put(edwardsParameters.rawValue)
        writer.put(initializeParameters != nil)
        writer.put(initializeParameters ?? "")
        writer.put(sockets.rawValue)
        writer.put(paths)
        writer.put(UInt8(clamping: versions.count))
        for version in versions { version.write(to: &writer) }
    }

    init(from reader: inout FrameReader) throws(FrameError) {
        name = try reader.string()
        omittedFromTemplates = Set(try reader.strings())
        mayBeUnavailable = Set(try reader.strings())
        adjusted = try reader.adjustments()
        returnValues = try reader.returnValues()
        let keepAlive = try reader.number(UInt32.self)
        let seconds = UInt16(truncatingIfNeeded: keepAlive)
        self.keepAlive =
            seconds == 0 ? .none : keepAlive >> 16 == 1 ? .random(seconds) : .sessionInfo(seconds)
        guard let rsa = RSAKeyGeneration(rawValue: try reader.number(UInt8.self)),
            let edwards = EdwardsParameters(rawValue: try reader.number(UInt8.self))
        else { throw .invalidField("profile") }
        rsaKeyGeneration = rsa
        edwardsParameters = edwards
        let hasParameters = try reader.boolean()
        let parameters = try reader.string()
        initializeParameters = hasParameters ? parameters : nil
        sockets = SocketFamilies(rawValue: try reader.number(UInt8.self)).intersection(.all)
        paths = try reader.strings()
        for _ in 0..<(try reader.number(UInt8.self)) { versions.append(try VersionProfile(from: &reader)) }
        // Daemon and worker both check that a profile waives only permitted attributes.
        guard mayBeUnavailable.isSubset(of: Self.waivable), Set(adjusted.keys).isSubset(of: Self.adjustable)
        else { throw .invalidField("profile") }
    }
}
