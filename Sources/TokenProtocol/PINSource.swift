/// The source of the user PIN. The daemon names it; only the process at the token reads it.
public enum PINSource: Sendable, Hashable {
    /// The absolute path of a file that the process's user or root owns and no other user can read.
    case file(String)
    /// A file that systemd put into `$CREDENTIALS_DIRECTORY` (systemd.exec(5), LoadCredential=). Absolute
    /// path.
    case credential(String)
    /// A descriptor of the process, which is read once to its end.
    case descriptor(Int32)
    /// Memory that was filled before the worker started, on a descriptor that the worker inherits with the
    /// socket. `origin` is the source it was filled from, such as `prompt`.
    case memory(origin: String)
    /// The terminal of the process, without echo.
    case prompt
    /// A keypad or card reader at the token (CKF_PROTECTED_AUTHENTICATION_PATH). There is no PIN to read.
    case protectedAuthenticationPath

    /// Whether the PIN stays the same until the daemon restarts: it is kept in memory, or systemd provided it
    /// at the start.
    public var isFixedUntilRestart: Bool {
        switch self {
        case .memory, .credential: true
        case .file, .descriptor, .prompt, .protectedAuthenticationPath: false
        }
    }

    /// The description for the audit log: the source, never the value.
    public var provenance: String {
        switch self {
        case .file(let path): "file \(path)"
        case .credential(let path): "systemd credential \(path.split(separator: "/").last ?? "")"
        case .descriptor(let number): "descriptor \(number)"
        case .memory(let origin): origin
        case .prompt: "prompt"
        case .protectedAuthenticationPath: "protected authentication path"
        }
    }
}

extension PINSource {
    private enum Kind: UInt8 {
        case file = 1
        case credential = 2
        case descriptor = 3
        case memory = 4
        case prompt = 5
        case protectedAuthenticationPath = 6
    }

    func write(to writer: inout FrameWriter) {
        switch self {
        case .file(let path): writer.put(Kind.file.rawValue, path)
        case .credential(let path): writer.put(Kind.credential.rawValue, path)
        case .descriptor(let number): writer.put(Kind.descriptor.rawValue, "\(number)")
        case .memory(let origin): writer.put(Kind.memory.rawValue, origin)
        case .prompt: writer.put(Kind.prompt.rawValue, "")
        case .protectedAuthenticationPath: writer.put(Kind.protectedAuthenticationPath.rawValue, "")
        }
    }

    init(from reader: inout FrameReader) throws(FrameError) {
        guard let kind = Kind(rawValue: try reader.number(UInt8.self)) else {
            throw .invalidField("PIN source")
        }
        let text = try reader.string()
        switch kind {
        case .file: self = .file(text)
        case .credential: self = .credential(text)
        case .descriptor:
            guard let number = Int32(text), number >= 0 else { throw .invalidField("descriptor") }
            self = .descriptor(number)
        case .memory: self = .memory(origin: text)
        case .prompt: self = .prompt
        case .protectedAuthenticationPath: self = .protectedAuthenticationPath
        }
    }
}

extension FrameWriter {
    fileprivate mutating func put(_ kind: UInt8, _ text: String) {
        put(kind)
        put(text)
    }
}
