internal import CPlatform
internal import Foundation
internal import Logging
internal import Synchronization

/// One worker process, from its start to its end.
///
/// A call that overruns its deadline ends the process, because a module that hangs cannot be interrupted in
/// any other way. Every other call under way then fails with ``HSMError/workerGone``.
final class WorkerProcess: Sendable {
    private struct State {
        var isGone = false
        var isReaped = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    let processIdentifier: pid_t
    let calls: WorkerCalls
    private let sockets: WorkerSockets
    private let state = Mutex(State())

    /// The number of blocks that the C library's malloc caches for each thread and size (glibc's manual,
    /// "Memory Allocation Tunables"). OpenSSL, with which software tokens sign, allocates more blocks of a
    /// size than the usual seven, and spends a tenth of a P-256 signature on merging them. The token's own
    /// environment takes precedence.
    private static let allocation = ["GLIBC_TUNABLES": "glibc.malloc.tcache_count=200"]

    /// Starts the configured worker.
    init(_ configuration: TokenConfiguration, logger: Logger) throws(HSMError) {
        (sockets, processIdentifier) = try WorkerSockets.startWorker(
            configuration,
            environment: configuration.environment.merging(Self.allocation) { given, _ in given },
            logger: logger)
        calls = WorkerCalls(configuration, sockets: sockets)
        let answers = WorkerAnswers(sockets: sockets, calls: calls)
        let readers = DispatchGroup()
        for session in 0..<configuration.sessions {
            readers.enter()
            Thread {
                // A name that Foundation sets is lost when the thread runs before it is set.
                unsafe signet_name_thread("token answers")
                answers.read(session: session)
                readers.leave()
            }.start()
        }
        Thread { [self] in
            answers.watch()
            end(readers)
        }.start()
    }

    /// Whether the process has ended or was ended.
    var isGone: Bool { state.withLock { $0.isGone } }

    /// Ends the process. Calls under way fail.
    func stop() {
        // After the process is reaped, its identifier may belong to another process.
        state.withLock { if !$0.isGone { kill(processIdentifier, SIGKILL) } }
    }

    /// Ends the process and returns after it is reaped.
    func stopAndWait() async {
        stop()
        await withCheckedContinuation { continuation in
            let isReaped = state.withLock { state in
                if !state.isReaped { state.waitingForEnd.append(continuation) }
                return state.isReaped
            }
            if isReaped { continuation.resume() }
        }
    }

    private func end(_ readers: DispatchGroup) {
        stop()
        state.withLock { $0.isGone = true }
        calls.close()
        sockets.shutDown()
        // Answers that were sent before the end are still valid, so the readers take them first.
        readers.wait()
        calls.failAll()
        WorkerRegistry.reap(processIdentifier)
        let waiting = state.withLock { state in
            state.isReaped = true
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }
}
