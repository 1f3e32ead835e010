/// The token a worker opened, as it describes itself.
public struct TokenDescription: Sendable, Hashable {
    public var label: String
    public var manufacturer: String
    public var model: String
    public var serialNumber: String
    public var firmware: String
    public var library: String

    public init(
        label: String, manufacturer: String, model: String, serialNumber: String, firmware: String,
        library: String
    ) {
        self.label = label
        self.manufacturer = manufacturer
        self.model = model
        self.serialNumber = serialNumber
        self.firmware = firmware
        self.library = library
    }
}

/// A private key on the token: its public key and its evidence.
public struct KeyDescription: Sendable, Hashable {
    public let identifier: [UInt8]
    public let publicKey: PublicKeyMaterial
    public let evidence: KeyEvidence

    public init(identifier: [UInt8], publicKey: PublicKeyMaterial, evidence: KeyEvidence) {
        self.identifier = identifier
        self.publicKey = publicKey
        self.evidence = evidence
    }
}

/// The answers of a worker.
public enum WorkerAnswer: Sendable, Hashable {
    /// The token is open with this number of sessions, which is smaller than requested if the token allows no
    /// more.
    case opened(TokenDescription, sessions: UInt8)
    case key(KeyDescription)
    /// A page of the private keys. A page that is not full is the last.
    case privateKeys([KeyName])
    /// The signature in the form of PKCS#11: `r ‖ s` for ECDSA, `R ‖ S` for Ed25519, the signature's octets
    /// for RSA.
    case signature([UInt8])
    case failure(WorkerFailure)
}

extension WorkerAnswer {
    private enum Kind: UInt8 {
        case opened = 129
        case key = 130
        case signature = 131
        case privateKeys = 132
        case failure = 255
    }

    /// The answer as one frame, with the identifier of its request.
    public func frame(identifier: UInt64) -> [UInt8] {
        var writer: FrameWriter
        switch self {
        case .opened(let token, let sessions):
            writer = FrameWriter(kind: Kind.opened.rawValue, identifier: identifier)
            for text in [
                token.label, token.manufacturer, token.model, token.serialNumber, token.firmware,
                token.library,
            ] {
                writer.put(text)
            }
            writer.put(sessions)
        case .key(let key):
            writer = FrameWriter(kind: Kind.key.rawValue, identifier: identifier)
            writer.put(key.identifier)
            switch key.publicKey {
            case .ec(let kind, let point):
                writer.put(kind.rawValue)
                writer.put(point)
            case .rsa(let modulus, let exponent):
                writer.put(KeyKind.rsa2048.rawValue)
                writer.put(modulus)
                writer.put(exponent)
            }
            writer.put(key.evidence.verdict.rawValue)
            writer.put(UInt16(key.evidence.readings.count))
            for reading in key.evidence.readings {
                writer.put(reading.name)
                writer.put(reading.wanted)
                writer.put(reading.found)
                writer.put(reading.finding.rawValue)
            }
        case .privateKeys(let keys):
            writer = FrameWriter(kind: Kind.privateKeys.rawValue, identifier: identifier)
            writer.put(UInt16(keys.count))
            for key in keys {
                writer.put(key.identifier)
                writer.put(key.label)
            }
        case .signature(let signature):
            writer = FrameWriter(kind: Kind.signature.rawValue, identifier: identifier)
            writer.put(signature)
        case .failure(let failure):
            writer = FrameWriter(kind: Kind.failure.rawValue, identifier: identifier)
            writer.put(failure.failureClass.rawValue)
            writer.put(failure.message)
        }
        return writer.bytes
    }

    /// Reads a frame that ``frame(identifier:)`` wrote.
    public static func parse(
        _ frame: ArraySlice<UInt8>
    ) throws(FrameError) -> (identifier: UInt64, answer: WorkerAnswer) {
        var reader = try FrameReader(frame)
        guard let kind = Kind(rawValue: reader.kind) else { throw .unknownKind(reader.kind) }
        let answer: WorkerAnswer
        switch kind {
        case .opened:
            answer = .opened(
                TokenDescription(
                    label: try reader.string(), manufacturer: try reader.string(), model: try reader.string(),
                    serialNumber: try reader.string(), firmware: try reader.string(),
                    library: try reader.string()), sessions: try reader.number(UInt8.self))
        case .key:
            answer = .key(try reader.keyDescription())
        case .privateKeys:
            var keys: [KeyName] = []
            for _ in 0..<(try reader.number(UInt16.self)) {
                keys.append(KeyName(identifier: try reader.bytes(), label: try reader.string()))
            }
            answer = .privateKeys(keys)
        case .signature:
            answer = .signature(try reader.bytes())
        case .failure:
            let failureClass = FailureClass(rawValue: try reader.number(UInt8.self)) ?? .unknown
            answer = .failure(WorkerFailure(failureClass, try reader.string()))
        }
        let identifier = reader.identifier
        try reader.end()
        return (identifier, answer)
    }
}

extension FrameReader {
    mutating func keyDescription() throws(FrameError) -> KeyDescription {
        let identifier = try bytes()
        let publicKey: PublicKeyMaterial
        let kind = try keyKind()
        switch kind.family {
        case .ecdsa, .edwards: publicKey = .ec(kind, point: try bytes())
        case .rsaPKCS1, .rsaPSS: publicKey = .rsa(modulus: try bytes(), exponent: try bytes())
        }
        guard let verdict = KeyVerdict(rawValue: try number(UInt8.self)) else {
            throw .invalidField("verdict")
        }
        var readings: [AttributeReading] = []
        for _ in 0..<(try number(UInt16.self)) {
            let (name, wanted, found) = (try string(), try string(), try string())
            guard let finding = AttributeReading.Finding(rawValue: try number(UInt8.self)) else {
                throw .invalidField("finding")
            }
            readings.append(AttributeReading(name: name, wanted: wanted, found: found, finding: finding))
        }
        return KeyDescription(
            identifier: identifier, publicKey: publicKey,
            evidence: KeyEvidence(verdict: verdict, readings: readings))
    }
}
