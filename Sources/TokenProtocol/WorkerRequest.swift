/// What the daemon asks of a worker. There is nothing else a worker can be asked for.
public enum WorkerRequest: Sendable, Hashable {
    /// The first request of a connection: load the module, find the token, log in once.
    case open(Opening)
    /// Make a key pair with the strict template and read it back. `label` is its CKA_LABEL, `identifier` its
    /// CKA_ID.
    case generateKeyPair(KeyKind, identifier: [UInt8], label: String)
    /// Find a private key by its CKA_ID and read it back.
    case findKey(KeyKind, identifier: [UInt8])
    /// Sign `digest` with a key that was found before.
    case sign(identifier: [UInt8], DigestKind, digest: [UInt8])

    public struct Opening: Sendable, Hashable {
        /// Absolute path of the PKCS#11 module.
        public var modulePath: String
        /// RFC 7512 URI of the token.
        public var tokenURI: String
        /// Absolute path of the file that holds the user PIN. The daemon never reads it.
        public var pinFile: String
        /// How many sessions sign at once, each on its own thread. 1 to 64.
        public var sessions: UInt8

        public init(modulePath: String, tokenURI: String, pinFile: String, sessions: UInt8) {
            self.modulePath = modulePath
            self.tokenURI = tokenURI
            self.pinFile = pinFile
            self.sessions = sessions
        }
    }
}

extension WorkerRequest {
    private enum Kind: UInt8 {
        case open = 1
        case generateKeyPair = 2
        case findKey = 3
        case sign = 4
    }

    /// The request as one frame; the answer carries the same `identifier`.
    public func frame(identifier: UInt64) -> [UInt8] {
        var writer: FrameWriter
        switch self {
        case .open(let opening):
            writer = FrameWriter(kind: Kind.open.rawValue, identifier: identifier)
            writer.put(opening.modulePath)
            writer.put(opening.tokenURI)
            writer.put(opening.pinFile)
            writer.put(opening.sessions)
        case .generateKeyPair(let kind, let key, let label):
            writer = FrameWriter(kind: Kind.generateKeyPair.rawValue, identifier: identifier)
            writer.put(kind.rawValue)
            writer.put(key)
            writer.put(label)
        case .findKey(let kind, let key):
            writer = FrameWriter(kind: Kind.findKey.rawValue, identifier: identifier)
            writer.put(kind.rawValue)
            writer.put(key)
        case .sign(let key, let digestKind, let digest):
            writer = FrameWriter(kind: Kind.sign.rawValue, identifier: identifier)
            writer.put(key)
            writer.put(digestKind.rawValue)
            writer.put(digest)
        }
        return writer.bytes
    }

    /// Reads a frame that ``frame(identifier:)`` wrote.
    public static func parse(
        _ frame: some Sequence<UInt8>
    ) throws(FrameError) -> (identifier: UInt64, request: WorkerRequest) {
        var reader = try FrameReader(frame)
        guard let kind = Kind(rawValue: reader.kind) else { throw .unknownKind(reader.kind) }
        let request: WorkerRequest
        switch kind {
        case .open:
            request = .open(
                Opening(
                    modulePath: try reader.string(), tokenURI: try reader.string(),
                    pinFile: try reader.string(), sessions: try reader.number(UInt8.self)))
        case .generateKeyPair:
            request = .generateKeyPair(
                try reader.keyKind(), identifier: try reader.bytes(), label: try reader.string())
        case .findKey:
            request = .findKey(try reader.keyKind(), identifier: try reader.bytes())
        case .sign:
            let key = try reader.bytes()
            guard let digestKind = DigestKind(rawValue: try reader.number(UInt8.self)) else {
                throw .invalidField("digest kind")
            }
            let digest = try reader.bytes()
            // CKM_ECDSA signs input of any length, so a wrong length must be stopped before the token.
            guard digest.count == digestKind.length else { throw .invalidField("digest length") }
            request = .sign(identifier: key, digestKind, digest: digest)
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
