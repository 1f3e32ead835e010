internal import Crypto
internal import Foundation
internal import JSON
public import PKIX
public import Signing
internal import Synchronization
public import X509
internal import _CryptoExtras

/// Private keys in memory, for tests of use cases. It generates, finds and uses them as tokens do.
public final class SoftwareCustody: KeyCustody, Signer {
    /// The failure of the next signatures.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        public init(_ description: String) { self.description = description }
    }

    private struct Key {
        let label: String
        let privateKey: Certificate.PrivateKey
    }

    private struct State {
        var keys: [[UInt8]: Key] = [:]
        var failure: Failure?
        /// The signed messages, in order.
        var messages: [[UInt8]] = []
        var whenSigned: @Sendable () -> Void = {}
    }

    private let state: Mutex<State>
    public let securityStandards: Set<String>
    public let makesKeys: Bool

    public init(securityStandards: Set<String> = [], makesKeys: Bool = true) {
        state = Mutex(State())
        self.securityStandards = securityStandards
        self.makesKeys = makesKeys
    }

    /// The same keys without any signatures.
    public init(copying other: SoftwareCustody, makesKeys: Bool = true) {
        state = Mutex(State(keys: other.state.withLock { $0.keys }))
        securityStandards = other.securityStandards
        self.makesKeys = makesKeys && other.makesKeys
    }

    /// Makes every signature fail, or, with nil, succeed again.
    public func fail(with failure: Failure?) { state.withLock { $0.failure = failure } }

    /// Runs `body` after each signature, before it is returned.
    public func whenSigned(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.whenSigned = body } }

    /// The messages that were signed so far.
    public var messages: [[UInt8]] { state.withLock { $0.messages } }

    /// The labels of the keys by their identifiers.
    public var keys: [[UInt8]: String] { state.withLock { $0.keys.mapValues(\.label) } }

    /// The private key with this identifier.
    public func privateKey(_ identifier: [UInt8]) -> Certificate.PrivateKey? {
        state.withLock { $0.keys[identifier]?.privateKey }
    }

    /// Adds a key as a ceremony would leave it.
    @discardableResult
    public func add(_ key: Certificate.PrivateKey, identifier: [UInt8], label: String = "") throws
        -> SubjectPublicKey
    {
        state.withLock { $0.keys[identifier] = Key(label: label, privateKey: key) }
        return try SubjectPublicKey(key.publicKey)
    }

    public func generateKeyPair(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], label: String, meeting standard: String?
    ) async throws -> GeneratedKey {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        let key: Certificate.PrivateKey =
            switch algorithm {
            case .ecPrime256v1: .init(P256.Signing.PrivateKey())
            case .ecSecp384r1: .init(P384.Signing.PrivateKey())
            case .ecSecp521r1: .init(P521.Signing.PrivateKey())
            case .rsa2048: .init(try _RSA.Signing.PrivateKey(keySize: .bits2048))
            case .rsa3072: .init(try _RSA.Signing.PrivateKey(keySize: .bits3072))
            case .rsa4096: .init(try _RSA.Signing.PrivateKey(keySize: .bits4096))
            }
        let publicKey = try add(key, identifier: identifier, label: label)
        return GeneratedKey(
            publicKey: publicKey, evidence: ["verdict": "software"],
            securityStandard: standard ?? securityStandards.first)
    }

    public func securityStandard(of key: KeyReference) async throws -> String? {
        _ = try privateKey(key)
        return key.securityStandard ?? securityStandards.first
    }

    public func signingKey(_ key: KeyReference, _ priority: SigningPriority) async throws -> SigningKey {
        _ = try privateKey(key)
        return SigningKey(key, on: self, priority)
    }

    public func signature(
        over message: [UInt8], _ algorithm: SigningAlgorithm, with key: KeyReference,
        _ priority: SigningPriority
    ) async throws -> [UInt8] {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        let signature = try await privateKey(key).signAsynchronously(
            bytes: message, signatureAlgorithm: algorithm.signatureAlgorithm)
        let whenSigned = state.withLock { state in
            state.messages.append(message)
            return state.whenSigned
        }
        whenSigned()
        return Array(signature.rawRepresentation)
    }

    private func privateKey(_ reference: KeyReference) throws -> Certificate.PrivateKey {
        let found = state.withLock { $0.keys[reference.identifier]?.privateKey }
        guard let found, try SubjectPublicKey(found.publicKey) == reference.publicKey else {
            throw Failure("there is no such key")
        }
        return found
    }
}
