/// Why a public key is refused. The description continues a sentence whose subject holds the key.
public enum PublicKeyFault: Error, Sendable, Hashable, CustomStringConvertible {
    case notPEM(PEMFault)
    case malformed(String)
    case unsupported(String)
    case weak(String)

    public var description: String {
        switch self {
        case .notPEM(let fault): fault.description
        case .malformed(let reason): "holds no key that parses: \(reason)"
        case .unsupported(let kind): "holds a key that is not supported: \(kind)"
        case .weak(let reason): "holds a weak key: \(reason)"
        }
    }
}
