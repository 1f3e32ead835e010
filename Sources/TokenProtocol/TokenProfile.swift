/// The peculiarities of one vendor's tokens. A profile can omit attributes from a template and accept that
/// some are not reported. It cannot accept a wrong value, or waive the attributes that every key must prove.
public struct TokenProfile: Sendable, Hashable {
    /// Such as `SoftHSM 2`.
    public var name: String
    /// Attributes, by the standard's names, that the token does not take in a template.
    public var omittedFromTemplates: Set<String>
    /// Attributes of a private key that may be absent; only of ``waivable``.
    public var mayBeUnavailable: Set<String>
    /// Attributes with a value of the maker's own in place of the wanted one; only of ``adjustable``.
    public var adjusted: [String: Bool]
    /// The classes of return values that differ from the standard on this token.
    public var returnValues: [UInt64: FailureClass]
    public var keepAlive: KeepAlive
    public var rsaKeyGeneration: RSAKeyGeneration
    public var edwardsParameters: EdwardsParameters
    /// The string that the module requires in `pReserved` of CK_C_INITIALIZE_ARGS, contrary to the standard;
    /// nil for none.
    public var initializeParameters: String?
    /// The sockets the module needs.
    public var sockets: SocketFamilies
    /// Files and directories that every installation of the module reads and writes, such as its devices;
    /// those that are not there are left out.
    public var paths: [String]
    /// Settings that replace these for some versions of the library. The ranges do not overlap.
    public var versions: [VersionProfile] = []

    /// A cheap call in each session that was idle for a while, so that token and network keep it.
    public enum KeepAlive: Sendable, Hashable {
        case none
        /// `C_GetSessionInfo`, which some modules answer without asking the token. In seconds.
        case sessionInfo(UInt16)
        /// `C_GenerateRandom` of one byte, which reaches the token. In seconds.
        case random(UInt16)
    }

    public enum RSAKeyGeneration: UInt8, Sendable, Hashable {
        /// `CKM_RSA_PKCS_KEY_PAIR_GEN`
        case pkcs = 1
        /// `CKM_RSA_X9_31_KEY_PAIR_GEN`: all there is on modules in FIPS mode
        case x931 = 2
    }

    /// CKA_EC_PARAMS of Ed25519 (PKCS#11 3.0 allows both).
    public enum EdwardsParameters: UInt8, Sendable, Hashable {
        case objectIdentifier = 1
        case printableString = 2
    }

    /// No key is used that does not answer the others.
    public static let waivable: Set<String> = [
        "CKA_KEY_GEN_MECHANISM", "CKA_ALLOWED_MECHANISMS", "CKA_MODIFIABLE", "CKA_COPYABLE",
        "CKA_SIGN_RECOVER",
        "CKA_DERIVE", "CKA_UNWRAP",
    ]

    /// CKA_PRIVATE is FALSE for keys protected by the module alone (nShield); CKA_MODIFIABLE and CKA_COPYABLE
    /// are for tokens that show one value for every key, and weaken nothing that CKA_SENSITIVE and
    /// CKA_EXTRACTABLE hold. CKA_DECRYPT and CKA_ENCRYPT count for keys on curves alone (tpm2-pkcs11 shows
    /// TRUE for every key): no mechanism decrypts with them, while an RSA key that decrypts makes signatures.
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

    /// A token that does everything as the standard says.
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
