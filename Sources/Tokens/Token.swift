internal import Crypto
internal import Foundation
internal import Identifiers
public import Logging
internal import Signing
internal import Synchronization
public import TokenProtocol

/// A token of the daemon, with a worker process that is started, watched and replaced.
///
/// Signing is safe to call from any thread. A refused credential is tried again only when an officer resumes
/// the token, because PKCS#11 tokens lock after a few wrong PINs.
public actor Token {
    public nonisolated let configuration: TokenConfiguration
    nonisolated let logger: Logger
    private nonisolated let report: @Sendable (TokenEvent) -> Void
    private var state = State.closed { didSet { refreshService() } }
    /// Out of service: no call opens it.
    private var isSuspended = false { didSet { refreshService() } }
    /// The number of closings, so that a worker whose opening began before a closing is not taken into
    /// service.
    private var epoch = 0
    private var breaker = Breaker()
    /// Why the token is not open, while the breaker delays the next attempt.
    private var lastFailure: HSMError?
    /// The number of attempts to open the token that failed one after the other for the same reason.
    private var failedOpenings = 0
    /// The key readings in progress, so that concurrent callers share the reading of one key.
    var admissions: [[UInt8]: Task<Result<WorkerProcess, HSMError>, Never>] = [:]

    /// The keys that a worker of this token admitted, with the last time that the token was reopened because
    /// the key was missing.
    var admittedKeys: [[UInt8]: ContinuousClock.Instant?] = [:]

    /// The identities of the daemon's tokens, to detect two entries for one token.
    nonisolated let identities = Mutex(TokenIdentities())

    private enum State {
        case closed
        case opening(Task<Result<OpenWorker, HSMError>, Never>)
        case serving(OpenWorker)
        case refused(HSMError)
    }

    nonisolated let service = Mutex(Service())

    public init(
        configuration: TokenConfiguration, logger: Logger,
        report: @escaping @Sendable (TokenEvent) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.report = report
        var logger = logger
        logger[metadataKey: "token"] = "\(configuration.name)"
        self.logger = logger
    }

    /// Starts the worker and logs in, if that is not done yet. Returns the token's description.
    @discardableResult
    public func open() async throws(HSMError) -> TokenDescription {
        try await worker().token
    }

    /// The state of a token.
    public enum Standing: Sendable {
        case serving(TokenDescription)
        /// It is not open; `reason` is that of the last attempt.
        case notServing(reason: String)
        /// It is not opened again.
        case refused(reason: String)
    }

    /// Neither calls the worker nor starts one.
    public var standing: Standing {
        switch state {
        case .serving(let worker) where !worker.process.isGone: .serving(worker.token)
        case .serving: .notServing(reason: "\(HSMError.workerGone)")
        case .opening: .notServing(reason: "it is being opened")
        case .closed: .notServing(reason: lastFailure.map { "\($0)" } ?? "it is closed")
        case .refused(let error): .refused(reason: "\(error)")
        }
    }

    /// Whether a worker is running, without waiting for the actor.
    nonisolated var hasWorker: Bool { service.withLock { $0.process.map { !$0.isGone } ?? false } }

    /// Starts opening in the background and returns at once. Does nothing while opening cannot succeed or is
    /// in progress. Every signature calls it, and must not start a task each time while a token is absent.
    nonisolated func openMeanwhile() {
        let isDue = service.withLock { service in
            // The worker has ended, and no call has noticed it yet.
            if let process = service.process, process.isGone {
                service.process = nil
                return true
            }
            guard let begin = service.mayOpenFrom, begin <= .now else { return false }
            // No further attempt until the state changes.
            service.mayOpenFrom = nil
            return true
        }
        guard isDue else { return }
        openingTasks.add(1, ordering: .relaxed)
        Task { _ = try? await open() }
    }

    /// The number of tasks that ``openMeanwhile()`` has started.
    package nonisolated var openingTaskCount: Int { openingTasks.load(ordering: .relaxed) }
    private nonisolated let openingTasks = Atomic(0)

    private func refreshService() {
        service.withLock {
            $0 = Service(
                process: servingProcess, isSuspect: breaker.isSuspicious, mayOpenFrom: mayOpenFrom)
        }
    }

    private var mayOpenFrom: ContinuousClock.Instant? {
        guard case .closed = state, !isSuspended else { return nil }
        return .now + (breaker.wait(at: .now) ?? .zero)
    }

    /// Whether a worker serves now. Starts none.
    public var isServing: Bool {
        if case .serving = standing { true } else { false }
    }

    /// The worker that serves now.
    package var workerProcessIdentifier: Int32? {
        guard case .serving(let worker) = state, !worker.process.isGone else { return nil }
        return worker.process.processIdentifier
    }

    /// The largest number of calls in a message to the current worker.
    package var largestMessage: Int { servingProcess?.calls.largestMessage ?? 0 }

    private var servingProcess: WorkerProcess? {
        guard case .serving(let worker) = state else { return nil }
        return worker.process
    }

    /// Takes the token out of service: calls in progress end, the worker ends, and nothing opens the token
    /// before ``resume()``.
    func suspend() async {
        isSuspended = true
        await finishCalls()
        await close()
    }

    /// Lets calls open the token again. An officer calls it after correcting the cause of a refusal, such as
    /// a PIN file. A PIN that only a restart of the daemon can change is not tried again.
    func resume() {
        // An officer does not wait for the pause after earlier failures.
        breaker = Breaker()
        isSuspended = false
        if case .refused = state, !configuration.pin.isFixedUntilRestart {
            state = .closed
            lastFailure = nil
        }
        // An operator may replace the token meanwhile.
        identities.withLock { $0 }.remove(configuration.name)
    }

    /// Returns when no call is in progress.
    func finishCalls() async { await servingProcess?.calls.finish() }

    /// Ends the worker and waits for its end. The next call starts another.
    public func close() async {
        let closing = state
        epoch += 1
        // A refused token stays refused.
        if case .refused = closing { return }
        state = .closed
        switch closing {
        case .serving(let worker): await worker.process.stopAndWait()
        case .opening(let task):
            // Does not wait for a module that hangs.
            task.cancel()
            if case .success(let worker) = await task.value { await worker.process.stopAndWait() }
        case .closed, .refused: break
        }
    }

    /// Sends a request to a worker. Replaces or refuses the worker if the failure requires it.
    nonisolated func call(
        _ request: WorkerRequest, on process: WorkerProcess, _ priority: SigningPriority
    ) async throws(HSMError) -> WorkerAnswer {
        let isSignature = if case .sign = request { true } else { false }
        do {
            return try await process.calls.call(
                request, allowed: isSignature ? configuration.signDeadline : configuration.longDeadline,
                priority)
        } catch {
            if case .worker(let failure) = error, failure.failureClass == .capacity {
                process.calls.reduceLoad()
            }
            if error.isFinal {
                await refuse(process, because: error)
            } else if error.needsNewWorker {
                await replace(process, because: error)
            }
            throw error
        }
    }

    /// The current worker, started first if there is none. Concurrent callers share one start.
    func servingWorker() async throws(HSMError) -> WorkerProcess { try await worker().process }

    private func worker() async throws(HSMError) -> OpenWorker {
        if case .serving(let worker) = state, worker.process.isGone {
            replace(worker.process, because: .workerGone)
        }
        switch state {
        case .serving(let worker): return worker
        case .refused(let error): throw error
        case .opening(let task): return try await task.value.get()
        case .closed where isSuspended: throw .unavailable(milliseconds: 0, reason: "it is out of service")
        case .closed:
            if let pause = breaker.wait(at: .now) {
                throw .unavailable(
                    milliseconds: pause.inMilliseconds, reason: "\(lastFailure ?? .workerGone)")
            }
            let task = Task { await openWorker() }
            state = .opening(task)
            return try await task.value.get()
        }
    }

    /// Starts a worker and takes it into service, so that every waiting call finds it there.
    private func openWorker() async -> Result<OpenWorker, HSMError> {
        let began = epoch
        let identities = identities.withLock { $0 }
        var result = await OpenWorker.start(
            configuration, logger, expectedSerialNumber: identities.serialNumber(of: configuration.name))
        if case .success(let worker) = result,
            let other = identities.claim(worker.token, for: configuration)
        {
            worker.process.stop()
            result = .failure(.sameToken(as: other, serialNumber: worker.token.serialNumber))
        }
        switch result {
        case .success(let worker):
            // The token was closed meanwhile; ``close()`` ends this worker.
            guard epoch == began else { return result }
            state = .serving(worker)
            lastFailure = nil
            logger.info(
                "token opened",
                metadata: [
                    "label": "\(worker.token.label)", "serial": "\(worker.token.serialNumber)",
                    "pin": "\(configuration.pin.provenance)", "sessions": "\(worker.sessions)",
                ])
            if worker.sessions < configuration.sessions {
                logger.warning(
                    "the token gives fewer sessions than `sessions` asks for",
                    metadata: ["asked": "\(configuration.sessions)", "given": "\(worker.sessions)"])
            }
            emit(.opened(worker.token, pin: configuration.pin.provenance, moduleDigest: moduleDigest()))
            noteTrace()
        case .failure(let error):
            // An unchanged reason is recorded only once, and logged with growing pauses: at the first,
            // second, fourth attempt and so on.
            let isNews = lastFailure.map { "\($0)" != "\(error)" } ?? true
            failedOpenings = isNews ? 1 : failedOpenings + 1
            if failedOpenings & (failedOpenings - 1) == 0 {
                logger.error(
                    "token not opened", metadata: ["reason": "\(error)", "attempt": "\(failedOpenings)"])
            }
            noteFailure(error)
            if error.isFinal {
                state = .refused(error)
                emit(.refused(reason: "\(error)"))
            } else {
                if epoch == began { state = .closed }
                if isNews { emit(.notOpened(reason: "\(error)")) }
            }
        }
        return result
    }

    /// Closes the token after its calls in progress end. The next call opens it again.
    func reopen(after process: WorkerProcess) async {
        guard isServing(process) else { return }
        await process.calls.finish()
        if isServing(process) { await close() }
    }

    func isServing(_ process: WorkerProcess) -> Bool { servingProcess === process }

    func replace(_ process: WorkerProcess, because error: HSMError) {
        process.stop()
        guard case .serving(let worker) = state, worker.process === process else { return }
        breaker.noteService(of: .now - worker.since)
        logger.error("token worker replaced", metadata: ["reason": "\(error)"])
        state = .closed
        noteFailure(error)
        emit(.workerReplaced(reason: "\(error)"))
    }

    /// Ends the worker permanently, because its module or its PIN must not be used again.
    private func refuse(_ process: WorkerProcess, because error: HSMError) {
        process.stop()
        guard isServing(process) else { return }
        logger.critical("token refused", metadata: ["reason": "\(error)"])
        state = .refused(error)
        emit(.refused(reason: "\(error)"))
    }

    /// Resets the breaker after a correct result of the token.
    func noteSuccess(of process: WorkerProcess) {
        guard isServing(process) else { return }
        breaker.noteSuccess()
        service.withLock { $0.isSuspect = false }
    }

    /// Whether ``noteSuccess(of:)`` would change anything.
    nonisolated var awaitsSuccess: Bool { service.withLock { $0.isSuspect } }

    private func noteFailure(_ error: HSMError) {
        lastFailure = error
        breaker.noteFailure(at: .now, jitter: .random(in: 0...1))
        let begin = mayOpenFrom
        service.withLock {
            $0.isSuspect = true
            $0.mayOpenFrom = begin
        }
    }

    nonisolated func emit(_ kind: TokenEvent.Kind) {
        report(TokenEvent(token: configuration.name, kind: kind))
    }

    /// Logs and reports tracing at every opening, because a security check is off.
    private nonisolated func noteTrace() {
        guard let traceModule = configuration.module.traceModule else { return }
        let output = configuration.environment["PKCS11SPY_OUTPUT"]
        logger.critical(
            "trace-module: every PKCS#11 call of this token's worker is written down, with what it signs; not for production",
            metadata: ["module": "\(traceModule)", "output": "\(output ?? "standard error")"])
        emit(.traced(module: traceModule, output: output))
    }

    private nonisolated func moduleDigest() -> String? {
        guard let file = FileManager.default.contents(atPath: configuration.module.path) else { return nil }
        return hexadecimal(Array(SHA256.hash(data: file)))
    }
}

extension Duration {
    var inMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
