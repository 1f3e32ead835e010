internal import Crypto
public import Logging
public import PKIX
public import TokenProtocol
public import X509
internal import _CryptoExtras

/// A token as the daemon sees it: a worker process that is started, watched and replaced.
///
/// Signing is safe to call from anywhere. A credential that was refused is never tried again in the life of
/// this value (PKCS#11 tokens lock after a few wrong PINs).
public actor Token {
    private let configuration: TokenConfiguration
    private let logger: Logger
    private var state = State.closed
    /// The keys whose evidence was accepted, in the login of one worker.
    private var admitted: Set<[UInt8]> = []
    /// Counts closings, so that a worker that comes up after one is not taken for the current.
    private var epoch = 0
    private var breaker = Breaker()
    /// Why the token is not open, while the breaker keeps it from being tried.
    private var lastFailure: HSMError?

    private enum State {
        case closed
        case opening(Task<Result<OpenWorker, HSMError>, Never>)
        case serving(OpenWorker)
        case refused(HSMError)
    }

    private struct OpenWorker: Sendable {
        let process: WorkerProcess
        let token: TokenDescription
    }

    public init(configuration: TokenConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Starts the worker and logs in, unless that is done already; says which token it is.
    @discardableResult
    public func open() async throws(HSMError) -> TokenDescription {
        try await worker().token
    }

    /// Whether a worker serves now. Starts none.
    public var isServing: Bool {
        guard case .serving(let worker) = state else { return false }
        return !worker.process.isGone
    }

    /// The worker that serves now.
    package var workerProcessIdentifier: Int32? {
        guard case .serving(let worker) = state, !worker.process.isGone else { return nil }
        return worker.process.processIdentifier
    }

    /// Ends the worker and waits for its end. The next call starts another.
    public func close() async {
        let closing = state
        admitted = []
        epoch += 1
        // A refusal outlives every closing.
        if case .refused = closing { return }
        state = .closed
        switch closing {
        case .serving(let worker): await worker.process.stopAndWait()
        case .opening(let task):
            if case .success(let worker) = await task.value { await worker.process.stopAndWait() }
        case .closed, .refused: break
        }
    }

    /// A key pair as it was found or made: its public key and what was read back about the private one.
    public struct Key: Sendable {
        public let identifier: [UInt8]
        public let publicKey: Certificate.PublicKey
        public let evidence: KeyEvidence
    }

    /// Makes a key pair that can only sign and cannot leave, and refuses it unless the token confirms both.
    /// - Parameters:
    ///   - identifier: its CKA_ID, which no other object on the token may have
    ///   - label: its CKA_LABEL
    public func generateKeyPair(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], label: String
    ) async throws(HSMError) -> Key {
        let process = try await worker().process
        let request = WorkerRequest.generateKeyPair(KeyKind(algorithm), identifier: identifier, label: label)
        let description = try await key(try await call(request, on: process), of: process)
        let made = try admit(description, of: process)
        noteSuccess(of: process)
        return made
    }

    /// A private key for X509 that signs on the token, after its evidence and its public key were checked.
    public func privateKey(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], pinned: Certificate.PublicKey
    ) async throws(HSMError) -> Certificate.PrivateKey {
        _ = try await workerAdmitting(algorithm, identifier: identifier, pinned: pinned)
        return Certificate.PrivateKey(
            TokenPrivateKey(token: self, algorithm: algorithm, identifier: identifier, publicKey: pinned))
    }

    /// What a token answered to be signed with, and the worker it came from.
    package struct UnverifiedSignature: Sendable {
        package let bytes: [UInt8]
        let process: WorkerProcess
    }

    /// The token's signature over `digest`, as the token made it and not checked: ``TokenPrivateKey`` does
    /// that, and a benchmark measures without.
    package func unverifiedSignature(
        _ digest: [UInt8], _ digestKind: DigestKind, _ algorithm: KeyAlgorithm, identifier: [UInt8],
        pinned: Certificate.PublicKey
    ) async throws(HSMError) -> UnverifiedSignature {
        do {
            return try await signOnce(digest, digestKind, algorithm, identifier: identifier, pinned: pinned)
        } catch {
            guard error.mayBeRetried else { throw error }
            // Once more, with a new worker and for the same intent: nothing of the first try has left the
            // daemon.
            logger.warning(
                "signature tried again",
                metadata: ["key": "\(hexadecimal(identifier))", "reason": "\(error)"])
            return try await signOnce(digest, digestKind, algorithm, identifier: identifier, pinned: pinned)
        }
    }

    /// Notes that a signature was verified: the token works.
    func trust(_ signature: UnverifiedSignature) { noteSuccess(of: signature.process) }

    /// Replaces the worker a wrong signature came from.
    func distrust(_ signature: UnverifiedSignature, because error: HSMError) {
        replace(signature.process, because: error)
    }

    private func signOnce(
        _ digest: [UInt8], _ digestKind: DigestKind, _ algorithm: KeyAlgorithm, identifier: [UInt8],
        pinned: Certificate.PublicKey
    ) async throws(HSMError) -> UnverifiedSignature {
        let process = try await workerAdmitting(algorithm, identifier: identifier, pinned: pinned)
        let request = WorkerRequest.sign(identifier: identifier, digestKind, digest: digest)
        guard case .signature(let bytes) = try await call(request, on: process) else {
            throw unexpectedAnswer(of: process)
        }
        return UnverifiedSignature(bytes: bytes, process: process)
    }

    /// The worker that serves, once it has read the key back and found it to be the pinned one. What one
    /// worker admitted says nothing of the login of the next.
    private func workerAdmitting(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], pinned: Certificate.PublicKey
    ) async throws(HSMError) -> WorkerProcess {
        let process = try await worker().process
        if admitted.contains(identifier), isServing(process) { return process }
        let request = WorkerRequest.findKey(KeyKind(algorithm), identifier: identifier)
        let description = try await key(try await call(request, on: process), of: process)
        // The recorded public key wins: the token's answer is only held against it.
        guard try description.certificatePublicKey() == pinned else {
            throw .publicKeyChanged(identifier: hexadecimal(identifier))
        }
        _ = try admit(description, of: process)
        return process
    }

    private func admit(
        _ description: KeyDescription, of process: WorkerProcess
    ) throws(HSMError) -> Key {
        let key = Key(
            identifier: description.identifier, publicKey: try description.certificatePublicKey(),
            evidence: description.evidence)
        let identifier = hexadecimal(description.identifier)
        guard description.evidence.verdict != .notProvable else {
            throw .keyNotProvable(identifier: identifier, failures: description.evidence.failures)
        }
        logger.info(
            "key admitted", metadata: ["key": "\(identifier)", "verdict": "\(description.evidence.verdict)"])
        if isServing(process) { admitted.insert(description.identifier) }
        return key
    }

    private func key(
        _ answer: WorkerAnswer, of process: WorkerProcess
    ) async throws(HSMError) -> KeyDescription {
        guard case .key(let description) = answer else { throw unexpectedAnswer(of: process) }
        return description
    }

    private func unexpectedAnswer(of process: WorkerProcess) -> HSMError {
        replace(process, because: .unexpectedAnswer)
        return .unexpectedAnswer
    }

    private func call(_ request: WorkerRequest, on process: WorkerProcess) async throws(HSMError)
        -> WorkerAnswer
    {
        let isSignature = if case .sign = request { true } else { false }
        do {
            return try await process.call(
                request, allowed: isSignature ? configuration.signDeadline : configuration.longDeadline)
        } catch {
            if error.isFinal {
                refuse(process, because: error)
            } else if error.needsNewWorker {
                replace(process, because: error)
            }
            throw error
        }
    }

    /// The worker that serves, started first if there is none. However many ask, one is started.
    private func worker() async throws(HSMError) -> OpenWorker {
        if case .serving(let worker) = state, worker.process.isGone {
            replace(worker.process, because: .workerGone)
        }
        switch state {
        case .serving(let worker): return worker
        case .refused(let error): throw error
        case .opening(let task): return try await task.value.get()
        case .closed:
            if let pause = breaker.wait(at: .now) {
                throw .unavailable(
                    milliseconds: pause.inMilliseconds, reason: "\(lastFailure ?? .workerGone)")
            }
            let task = Task { await openWorker() }
            state = .opening(task)
            admitted = []
            return try await task.value.get()
        }
    }

    /// Starts a worker and takes it into service, so that everybody who waited finds it there.
    private func openWorker() async -> Result<OpenWorker, HSMError> {
        let began = epoch
        let result = await Self.start(configuration)
        switch result {
        case .success(let worker):
            // Closed meanwhile: whoever closed ends this worker.
            guard epoch == began else { return result }
            state = .serving(worker)
            logger.info(
                "token opened",
                metadata: ["token": "\(worker.token.label)", "serial": "\(worker.token.serialNumber)"])
        case .failure(let error):
            logger.error("token not opened", metadata: ["reason": "\(error)"])
            noteFailure(error)
            if error.isFinal {
                state = .refused(error)
            } else if epoch == began {
                state = .closed
            }
        }
        return result
    }

    private func isServing(_ process: WorkerProcess) -> Bool {
        guard case .serving(let worker) = state else { return false }
        return worker.process === process
    }

    private func replace(_ process: WorkerProcess, because error: HSMError) {
        process.stop()
        guard isServing(process) else { return }
        logger.error("token worker replaced", metadata: ["reason": "\(error)"])
        state = .closed
        admitted = []
        noteFailure(error)
    }

    /// Ends the worker for good: its module or its PIN must not be used any more.
    private func refuse(_ process: WorkerProcess, because error: HSMError) {
        process.stop()
        guard isServing(process) else { return }
        logger.critical("token refused", metadata: ["reason": "\(error)"])
        state = .refused(error)
        admitted = []
    }

    private func noteSuccess(of process: WorkerProcess) {
        if isServing(process) { breaker.noteSuccess() }
    }

    private func noteFailure(_ error: HSMError) {
        lastFailure = error
        breaker.noteFailure(at: .now, jitter: .random(in: 0...1))
    }

    private static func start(_ configuration: TokenConfiguration) async -> Result<OpenWorker, HSMError> {
        do throws(HSMError) {
            let process = try WorkerProcess(
                path: configuration.workerPath, environment: configuration.environment,
                sessions: configuration.sessions)
            let opening = WorkerRequest.Opening(
                modulePath: configuration.modulePath, tokenURI: configuration.tokenURI,
                pinFile: configuration.pinFile, sessions: UInt8(clamping: configuration.sessions))
            do throws(HSMError) {
                let answer = try await process.call(.open(opening), allowed: configuration.longDeadline)
                guard case .opened(let token) = answer else { throw .unexpectedAnswer }
                return .success(OpenWorker(process: process, token: token))
            } catch {
                process.stop()
                throw error
            }
        } catch {
            return .failure(error)
        }
    }
}

extension Duration {
    var inMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}

extension KeyKind {
    init(_ algorithm: KeyAlgorithm) {
        switch algorithm {
        case .ecPrime256v1: self = .ecP256
        case .ecSecp384r1: self = .ecP384
        case .ecSecp521r1: self = .ecP521
        case .rsa2048: self = .rsa2048
        case .rsa3072: self = .rsa3072
        case .rsa4096: self = .rsa4096
        }
    }
}

extension KeyDescription {
    /// The public key, checked: a point that is not on its curve is refused (SP 800-56A, section 5.6.2.3.3).
    func certificatePublicKey() throws(HSMError) -> Certificate.PublicKey {
        do {
            switch publicKey {
            case .ec(.ecP256, let point):
                return Certificate.PublicKey(try P256.Signing.PublicKey(x963Representation: point))
            case .ec(.ecP384, let point):
                return Certificate.PublicKey(try P384.Signing.PublicKey(x963Representation: point))
            case .ec(.ecP521, let point):
                return Certificate.PublicKey(try P521.Signing.PublicKey(x963Representation: point))
            case .rsa(let modulus, let exponent):
                return Certificate.PublicKey(try _RSA.Signing.PublicKey(n: modulus, e: exponent))
            case .ec:
                throw HSMError.unexpectedAnswer
            }
        } catch {
            throw .unexpectedAnswer
        }
    }
}
