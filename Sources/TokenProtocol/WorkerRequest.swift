/// The requests of the daemon to a worker. A worker serves no others.
public enum WorkerRequest: Sendable, Hashable {
    /// The first request of a connection: load the module, find the token, log in once.
    case open(Opening)
    /// Generate a key pair with the strict template and read it back. `label` is its CKA_LABEL, `identifier`
    /// its CKA_ID.
    case generateKeyPair(KeyKind, identifier: [UInt8], label: String)
    /// Find a private key by its CKA_ID and read it back.
    case findKey(KeyKind, identifier: [UInt8])
    /// List private keys on the token, at most ``KeyName/pageLength``, after the first `skipped`.
    case listPrivateKeys(skipped: UInt32)
    /// Sign `input`, a digest or for Ed25519 the message, with a key that was found before.
    case sign(identifier: [UInt8], SignatureScheme, input: [UInt8])

    public struct Opening: Sendable, Hashable {
        public var module: ModuleLocation
        /// RFC 7512 URI of the token.
        public var tokenURI: String
        public var pin: PINSource
        /// The number of sessions that sign at once, each on its own thread: 1 to 64.
        public var sessions: UInt8
        public var profile: TokenProfile
        public var confinement: WorkerConfinement
        /// The serial number that the token had before. The PIN is not tried on another token. Nil for any
        /// token.
        public var expectedSerialNumber: String?

        public init(
            module: ModuleLocation, tokenURI: String, pin: PINSource, sessions: UInt8,
            profile: TokenProfile = .standard, confinement: WorkerConfinement = WorkerConfinement(),
            expectedSerialNumber: String? = nil
        ) {
            self.module = module
            self.tokenURI = tokenURI
            self.pin = pin
            self.sessions = sessions
            self.profile = profile
            self.confinement = confinement
            self.expectedSerialNumber = expectedSerialNumber
        }
    }
}

/// A PKCS#11 module, and the conditions on its file.
public struct ModuleLocation: Sendable, Hashable {
    /// Absolute.
    public var path: String
    /// The module must lie in or below one of these directories, with links resolved.
    public var directories: [String]
    /// Whether the process's own user may own the file, and not only root. For development: a user that can
    /// write the module controls the keys.
    public var allowsOwnUser: Bool
    /// A module that traces each call, such as OpenSC's `pkcs11-spy`; nil for none. Its file must meet the
    /// same conditions as the module's. Logins and other calls that take a PIN bypass it.
    public var traceModule: String?

    /// The directories where packages of distributions and vendors install modules.
    public static let usualDirectories = ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt"]

    public init(
        path: String, directories: [String] = usualDirectories, allowsOwnUser: Bool = false,
        traceModule: String? = nil
    ) {
        self.traceModule = traceModule
        self.path = path
        self.directories = directories
        self.allowsOwnUser = allowsOwnUser
    }
}

extension WorkerRequest {
    private enum Kind: UInt8 {
        case open = 1
        case generateKeyPair = 2
        case findKey = 3
        case sign = 4
        case listPrivateKeys = 5
    }

    /// The request as one frame; the answer carries the same `identifier`.
    public func frame(identifier: UInt64) -> [UInt8] {
        var writer: FrameWriter
        switch self {
        case .open(let opening):
            writer = FrameWriter(kind: Kind.open.rawValue, identifier: identifier)
            writer.put(opening.module.path)
            writer.put(opening.module.directories)
            writer.put(opening.module.allowsOwnUser)
            writer.put(opening.module.traceModule != nil)
            writer.put(opening.module.traceModule ?? "")
            writer.put(opening.tokenURI)
            opening.pin.write(to: &writer)
            writer.put(opening.sessions)
            opening.profile.write(to: &writer)
            opening.confinement.write(to: &writer)
            writer.put(opening.expectedSerialNumber != nil)
            writer.put(opening.expectedSerialNumber ?? "")
        case .generateKeyPair(let kind, let key, let label):
            writer = FrameWriter(kind: Kind.generateKeyPair.rawValue, identifier: identifier)
            writer.put(kind.rawValue)
            writer.put(key)
            writer.put(label)
        case .findKey(let kind, let key):
            writer = FrameWriter(kind: Kind.findKey.rawValue, identifier: identifier)
            writer.put(kind.rawValue)
            writer.put(key)
        case .listPrivateKeys(let skipped):
            writer = FrameWriter(kind: Kind.listPrivateKeys.rawValue, identifier: identifier)
            writer.put(skipped)
        case .sign(let key, let scheme, let input):
            writer = FrameWriter(kind: Kind.sign.rawValue, identifier: identifier)
            writer.put(key)
            writer.put(scheme.rawValue)
            writer.put(input)
        }
        return writer.bytes
    }

    /// Reads a frame that ``frame(identifier:)`` wrote.
    public static func parse(
        _ frame: ArraySlice<UInt8>
    ) throws(FrameError) -> (identifier: UInt64, request: WorkerRequest) {
        var reader = try FrameReader(frame)
        guard let kind = Kind(rawValue: reader.kind) else { throw .unknownKind(reader.kind) }
        let request: WorkerRequest
        switch kind {
        case .open:
            var module = ModuleLocation(
                path: try reader.string(), directories: try reader.strings(),
                allowsOwnUser: try reader.boolean())
            let isTraced = try reader.boolean()
            let traceModule = try reader.string()
            module.traceModule = isTraced ? traceModule : nil
            var opening = Opening(
                module: module, tokenURI: try reader.string(), pin: try PINSource(from: &reader),
                sessions: try reader.number(UInt8.self), profile: try TokenProfile(from: &reader),
                confinement: try WorkerConfinement(from: &reader))
            let isKnown = try reader.boolean()
            let serialNumber = try reader.string()
            opening.expectedSerialNumber = isKnown ? serialNumber : nil
            request = .open(opening)
        case .generateKeyPair:
            request = .generateKeyPair(
                try reader.keyKind(), identifier: try reader.bytes(), label: try reader.string())
        case .findKey:
            request = .findKey(try reader.keyKind(), identifier: try reader.bytes())
        case .listPrivateKeys:
            request = .listPrivateKeys(skipped: try reader.number(UInt32.self))
        case .sign:
            let key = try reader.bytes()
            guard let scheme = SignatureScheme(rawValue: try reader.number(UInt8.self)) else {
                throw .invalidField("signature scheme")
            }
            let input = try reader.bytes()
            // CKM_ECDSA signs input of any length, so a wrong length must be refused before it reaches the
            // token.
            guard scheme.digestBytes.map({ $0 == input.count }) ?? true else {
                throw .invalidField("digest length")
            }
            request = .sign(identifier: key, scheme, input: input)
        }
        let identifier = reader.identifier
        try reader.end()
        return (identifier, request)
    }
}

extension FrameReader {
    mutating func keyKind() throws(FrameError) -> KeyKind {
        guard let kind = KeyKind(rawValue: try number(UInt8.self)) else { throw .invalidField("key kind") }
        return kind
    }
}
