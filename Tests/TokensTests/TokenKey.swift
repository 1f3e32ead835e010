import Logging
import PKIX
import Signing
import TestSupport
import TokenProtocol
import Tokens

extension Tokens.Token {
    /// A private key on this token alone.
    func privateKey(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], pinned: SubjectPublicKey
    ) async throws -> TokenKey {
        let tokens = TokenSet([self])
        let key = TokenKey(tokens, algorithm, identifier: identifier, publicKey: pinned)
        try await tokens.find(PinnedKey(key.reference), meeting: nil)
        return key
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
    /// A module of this build, owned by the user who built it.
    static func built(_ path: String) -> ModuleLocation {
        ModuleLocation(path: path, directories: ["/"], allowsOwnUser: true)
    }
}

/// A key on one or more tokens, and its signing function.
struct TokenKey: Sendable {
    let tokens: TokenSet
    let reference: KeyReference

    init(
        _ tokens: TokenSet, _ algorithm: KeyAlgorithm, identifier: [UInt8], publicKey: SubjectPublicKey,
        meeting standard: String? = nil
    ) {
        self.tokens = tokens
        reference = KeyReference(
            algorithm, identifier: identifier, publicKey: publicKey, securityStandard: standard)
    }

    func signature(
        over message: [UInt8], _ algorithm: SigningAlgorithm = .sha256WithECDSA
    ) async throws -> [UInt8] {
        try await tokens.signature(over: message, algorithm, with: reference, .daemon)
    }
}
