internal import Identifiers
internal import Logging
public import PKIX
public import Signing
internal import Synchronization
public import TokenProtocol

/// The tokens of a daemon, in the order in which they are tried. A key may be on several tokens. The first
/// token in service with the pinned and proven key signs. If it fails, the next one signs, until the first
/// works again.
public final class TokenSet: Sendable {
    public let tokens: [Token]
    private let drained: Mutex<Set<String>>
    /// The keys used so far, by identifier. They are read back periodically.
    private let known = Mutex<[[UInt8]: PinnedKey]>([:])

    /// The keys that have a ceremony record; nil when none is needed.
    private let recorded: Set<SubjectPublicKey>?

    /// - Parameters:
    ///   - drained: names of tokens that are out of service from the start
    ///   - recorded: the keys with a ceremony record, which are the only ones used; no key is generated then.
    ///     Nil for no such limit
    public init(_ tokens: [Token], drained: Set<String> = [], recorded: Set<SubjectPublicKey>? = nil) {
        self.tokens = tokens
        self.recorded = recorded
        self.drained = Mutex(drained)
        let identities = TokenIdentities()
        for token in tokens { token.identities.withLock { $0 = identities } }
    }

    // MARK: Taking tokens out of service

    public func isDrained(_ name: String) -> Bool { drained.withLock { $0.contains(name) } }

    /// Takes a token out of service: it gets no new calls, its calls in progress end, and its worker ends.
    /// Returns when the token can be unplugged. False if there is no such token.
    public func drain(_ name: String) async -> Bool {
        guard let token = tokens.first(where: { $0.configuration.name == name }) else { return false }
        let isNews = drained.withLock { $0.insert(name).inserted }
        if isNews { token.emit(.drained) }
        await token.suspend()
        return true
    }

    /// Puts a token back into service, and opens it: returns when it serves, or when opening it has failed. A
    /// token that was refused is tried once more. False if there is no such token.
    public func resume(_ name: String) async -> Bool {
        guard let token = tokens.first(where: { $0.configuration.name == name }) else { return false }
        await token.resume()
        if drained.withLock({ $0.remove(name) }) != nil { token.emit(.resumed) }
        // Its standing has the reason of a failure.
        _ = try? await token.open()
        return true
    }

    /// Closes every token.
    public func close() async {
        for token in tokens { await token.close() }
    }

    // MARK: Keys

    /// The security standards the tokens are declared to meet.
    public var securityStandards: Set<String> { Set(tokens.compactMap(\.configuration.securityStandard)) }

    /// Whether a key may be made without a ceremony.
    public var makesKeys: Bool { recorded == nil }

    private func candidates(_ standard: String?) throws(HSMError) -> [Token] {
        let meeting = tokens(meeting: standard)
        guard !meeting.isEmpty else {
            throw .noToken(reason: "no token is declared to meet \(standard ?? "")")
        }
        let inService = meeting.filter { !isDrained($0.configuration.name) }
        guard !inService.isEmpty else {
            throw .outOfService(tokens: meeting.map(\.configuration.name))
        }
        return inService
    }

    private func tokens(meeting standard: String?) -> [Token] {
        tokens.filter { standard == nil || $0.configuration.securityStandard == standard }
    }

    /// The tokens that may hold a key, in the order in which they are tried. While a token has a worker, no
    /// call waits for opening an earlier token, which could hang. The earlier token is opened in the
    /// background and tried last.
    private func holders(_ standard: String?) throws(HSMError) -> [Token] {
        let tokens = try candidates(standard)
        guard let serving = tokens.firstIndex(where: \.hasWorker), serving > 0 else { return tokens }
        for token in tokens[..<serving] { token.openMeanwhile() }
        return Array(tokens[serving...] + tokens[..<serving])
    }

    /// Generates a key pair on the first usable token. After a token was called, no other is tried, because
    /// the key may exist already.
    public func generateKeyPair(
        _ kind: KeyKind, identifier: [UInt8], label: String, meeting standard: String?
    ) async throws(HSMError) -> (key: Token.Key, token: TokenConfiguration) {
        guard makesKeys else { throw .noToken(reason: "keys are made in ceremonies") }
        var last: HSMError?
        for token in try candidates(standard) {
            do throws(HSMError) { try await token.open() } catch {
                last = error
                continue
            }
            return (
                try await token.generateKeyPair(kind, identifier: identifier, label: label),
                token.configuration
            )
        }
        throw last ?? .noToken(reason: "there is no token")
    }

    /// Requires that a token in service holds the key, and remembers the key. Returns the token.
    @discardableResult
    public func find(
        _ key: PinnedKey, meeting standard: String?
    ) async throws(HSMError) -> TokenConfiguration {
        guard recorded?.contains(key.publicKey) ?? true else {
            throw .noCeremonyRecord(identifier: hexadecimal(key.identifier))
        }
        known.withLock { $0[key.identifier] = key }
        var last: HSMError?
        for token in try holders(standard) {
            do throws(HSMError) {
                try await token.admit(key)
                return token.configuration
            } catch {
                last = error.outranks(last) ? error : last
                guard error.mayFailOver else { throw error }
            }
        }
        throw explained(last, standard)
    }

    /// A verified signature. At most two attempts reach a token, for the same intent. A failed attempt
    /// releases nothing.
    /// - Parameter release: converts the token's octets to the released signature; nil when they do not
    ///   verify
    public func signature(
        over input: [UInt8], _ scheme: SignatureScheme, with key: PinnedKey, meeting standard: String?,
        _ priority: SigningPriority, release: ([UInt8]) -> [UInt8]?
    ) async throws(HSMError) -> [UInt8] {
        var tries = 0
        var last: HSMError?
        // The second round retries the failed token with a new worker, if no other token could replace it.
        for round in 0..<2 {
            var mayBeRetried = false
            for token in try holders(standard) {
                do throws(HSMError) {
                    return try await token.signature(
                        over: input, scheme, with: key, priority, release: release)
                } catch {
                    guard error.mayFailOver else { throw error }
                    last = error.outranks(last) ? error : last
                    guard !error.isBeforeToken else { continue }
                    tries += 1
                    guard tries < 2 else { throw error }
                    mayBeRetried = mayBeRetried || error.mayBeRetried
                    token.logger.warning(
                        "signature not made",
                        metadata: ["key": "\(hexadecimal(key.identifier))", "reason": "\(error)"])
                }
            }
            guard mayBeRetried, round == 0 else { break }
        }
        throw explained(last, standard)
    }

    /// The error of a request that no token carried out. A token without the key is no reason to give up while
    /// a token that may have it is out of service.
    private func explained(_ error: HSMError?, _ standard: String?) -> HSMError {
        guard let error else { return .noToken(reason: "there is no token") }
        let drained = tokens(meeting: standard).map(\.configuration.name).filter(isDrained)
        guard !drained.isEmpty, case .worker(let failure) = error, failure.failureClass == .keyNotFound else {
            return error
        }
        return .keyOutOfService(reason: failure.message, tokens: drained)
    }

    /// Reads every key back on every token that signs with it.
    public func readBackKeys() async {
        let keys = known.withLock { Array($0.values) }
        for token in tokens where !isDrained(token.configuration.name) { await token.readBackKeys(keys) }
    }
}

extension Token {
    fileprivate nonisolated func signature(
        over input: [UInt8], _ scheme: SignatureScheme, with key: PinnedKey, _ priority: SigningPriority,
        release: ([UInt8]) -> [UInt8]?
    ) async throws(HSMError) -> [UInt8] {
        let made = try await unverifiedSignature(input, scheme, with: key, priority)
        // A token can return a wrong signature without an error, so only a signature that the pinned public
        // key verifies is released.
        guard let released = release(made.bytes) else {
            let error = HSMError.wrongSignature(identifier: hexadecimal(key.identifier))
            await replace(made.process, because: error)
            throw error
        }
        if awaitsSuccess { await noteSuccess(of: made.process) }
        return released
    }
}

extension HSMError {
    /// Whether this error explains the failure better than `other`. A missing key explains least.
    fileprivate func outranks(_ other: HSMError?) -> Bool {
        guard let other else { return true }
        if case .worker(let failure) = other, failure.failureClass == .keyNotFound { return true }
        if case .worker(let failure) = self, failure.failureClass == .keyNotFound { return false }
        return true
    }
}
