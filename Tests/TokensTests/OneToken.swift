import Logging
import PKIX
import TestSupport
import TokenProtocol
import Tokens
import X509

extension Tokens.Token {
    /// A private key on this token alone.
    func privateKey(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], pinned: Certificate.PublicKey
    ) async throws(HSMError) -> Certificate.PrivateKey {
        try await TokenSet([self]).privateKey(
            algorithm, identifier: identifier, pinned: pinned, meeting: nil, for: .house)
    }

    func generateKeyPair(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], label: String
    ) async throws(HSMError) -> Key {
        try await generateKeyPair(KeyKind(algorithm), identifier: identifier, label: label)
    }
}

extension Logger {
    static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
}

extension ModuleLocation {
    /// A module of the build, which belongs to whoever built it.
    static func built(_ path: String) -> ModuleLocation {
        ModuleLocation(path: path, directories: ["/"], allowsOwnUser: true)
    }
}
