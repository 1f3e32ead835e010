internal import CPlatform
internal import Foundation
internal import Synchronization
internal import TokenProtocol

/// One worker process: its requests under way, their deadlines, and its end.
///
/// A thread of its own reads the answers. A call that overruns its deadline ends the process, because a
/// hanging module cannot be interrupted in any other way; every other call under way then fails with
/// ``HSMError/workerGone``.
final class WorkerProcess: Sendable {
    private struct Call {
        let continuation: CheckedContinuation<Result<WorkerAnswer, HSMError>, Never>
        let deadline: SuspendingClock.Instant
        let allowed: Duration
    }

    private struct State {
        var calls: [UInt64: Call] = [:]
        var nextIdentifier: UInt64 = 1
        var isGone = false
        var isReaped = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    let processIdentifier: pid_t
    private let descriptor: Int32
    private let state = Mutex(State())
    private let sessions: Int
    /// Two calls for each session: one in it, one ready behind it.
    private let queue: CallQueue
    /// One key is made at a time: SoftHSM answers CKR_GENERAL_ERROR to some of several at once.
    private let keyMaking: CallQueue

    /// Starts the configured worker with nothing but its environment, one end of a socketpair and the memory with the PIN,
    /// if there is one.
    init(_ configuration: TokenConfiguration) throws(HSMError) {
        let path = configuration.workerPath
        let environment = configuration.environment
        sessions = configuration.sessions
        queue = CallQueue(
            places: 2 * configuration.sessions, limit: configuration.queueLimit,
            patience: configuration.queuePatience)
        keyMaking = CallQueue(
            places: 1, limit: configuration.queueLimit, patience: configuration.longDeadline)
        var near: Int32 = -1
        var far: Int32 = -1
        var error = unsafe signet_socketpair(&near, &far)
        var pid: pid_t = 0
        if error == 0 {
            error = unsafe Self.withCStrings([path]) { arguments in
                unsafe Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
                    unsafe signet_spawn(
                        path, arguments, variables, far, configuration.pinMemory?.descriptor ?? -1, &pid)
                }
            }
            close(far)
            if error != 0 { close(near) }
        }
        guard error == 0 else {
            throw .cannotStartWorker(
                path: path, errno: error, reason: unsafe String(cString: strerror(error)))
        }
        processIdentifier = pid
        descriptor = near
        let reader = Thread { [self] in readAnswers() }
        reader.name = "token-worker"
        reader.start()
    }

    /// Whether the process has ended or was ended.
    var isGone: Bool { state.withLock { $0.isGone } }

    deinit { close(descriptor) }

    /// Sends `request` when its turn comes and waits for its answer until `allowed` is over, or twice that
    /// when it had to be sent behind another call. A failure the worker reports is thrown.
    func call(
        _ request: WorkerRequest, allowed: Duration, for claim: TokenClaim
    ) async throws(HSMError) -> WorkerAnswer {
        guard case .generateKeyPair = request else {
            return try await call(request, of: 1, allowed: allowed, for: claim)
        }
        try await keyMaking.enter(1, for: claim)
        defer { keyMaking.leave(1) }
        // It takes long: nothing is sent behind it.
        return try await call(request, of: 2, allowed: allowed, for: claim)
    }

    private func call(
        _ request: WorkerRequest, of weight: Int, allowed: Duration, for claim: TokenClaim
    ) async throws(HSMError) -> WorkerAnswer {
        try await queue.enter(weight, for: claim)
        defer { queue.leave(weight) }
        let result = await withCheckedContinuation { continuation in
            let identifier: UInt64? = state.withLock { state in
                if state.isGone { return nil }
                defer { state.nextIdentifier += 1 }
                let allowed = state.calls.count < sessions ? allowed : allowed * 2
                state.calls[state.nextIdentifier] = Call(
                    continuation: continuation, deadline: .now + allowed, allowed: allowed)
                return state.nextIdentifier
            }
            guard let identifier else { return continuation.resume(returning: .failure(.workerGone)) }
            // Sent without the lock, which the reader of the answers needs.
            if let refusal = send(request.frame(identifier: identifier)) {
                // Unless the worker's end has answered it already.
                let call = state.withLock { $0.calls.removeValue(forKey: identifier) }
                call?.continuation.resume(returning: .failure(refusal))
            }
        }
        switch result {
        case .success(.failure(let failure)): throw .worker(failure)
        case .success(let answer): return answer
        case .failure(let error): throw error
        }
    }

    /// Returns when no call is under way.
    func finishCalls() async {
        // Who waits too long gives up, and holds no place to give back.
        do throws(HSMError) {
            try await queue.enter(.max, for: TokenClaim(claimant: "", isUrgent: true))
        } catch { return }
        queue.leave(.max)
    }

    /// Ends the process. Calls under way fail.
    func stop() {
        // Once it is gone its number may belong to another process.
        state.withLock { if !$0.isGone { kill(processIdentifier, SIGKILL) } }
    }

    /// Ends the process and returns when the operating system has nothing left of it.
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

    /// Nil when the kernel took the frame. It never waits: a full buffer means that the worker does not read.
    private func send(_ frame: [UInt8]) -> HSMError? {
        while true {
            let count = unsafe Foundation.send(
                descriptor, frame, frame.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR { continue }
            if count == frame.count { return nil }
            return errno == EAGAIN ? .busy : .workerGone
        }
    }

    /// How often deadlines are looked at.
    private static let watch: Duration = .milliseconds(200)

    private func readAnswers() {
        var buffer = [UInt8](repeating: 0, count: FrameLimit.bytes + 1)
        var timeout = timeval(tv_sec: 0, tv_usec: Int(Self.watch.inMilliseconds) * 1000)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var nextLook = SuspendingClock.now + Self.watch
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            let isSilent = count < 0 && errno == EAGAIN
            if count < 0, errno == EINTR { continue }
            if !isSilent {
                guard count > 0, count <= FrameLimit.bytes,
                    let (identifier, answer) = try? WorkerAnswer.parse(buffer.prefix(count))
                else { break }
                let call = state.withLock { $0.calls.removeValue(forKey: identifier) }
                call?.continuation.resume(returning: .success(answer))
            }
            let now = SuspendingClock.now
            guard isSilent || now >= nextLook else { continue }
            nextLook = now + Self.watch
            queue.dismissOverdue()
            keyMaking.dismissOverdue()
            // An answer that is there already is not late, but a stream of them must not hide one that is.
            if failOverdueCalls(grace: isSilent ? .zero : .seconds(1)) { break }
        }
        end()
    }

    private func failOverdueCalls(grace: Duration) -> Bool {
        let now = SuspendingClock.now - grace
        let overdue = state.withLock { state in
            let overdue = state.calls.filter { $0.value.deadline <= now }
            for identifier in overdue.keys { state.calls[identifier] = nil }
            return overdue
        }
        for call in overdue.values {
            call.continuation.resume(
                returning: .failure(.deadlineExceeded(milliseconds: call.allowed.inMilliseconds)))
        }
        return !overdue.isEmpty
    }

    private func end() {
        stop()
        let left = state.withLock { state in
            defer { state.calls = [:] }
            state.isGone = true
            return state.calls
        }
        // Closed only when nobody can send on it any more: its number could be another file's by then.
        shutdown(descriptor, Int32(SHUT_RDWR))
        for call in left.values { call.continuation.resume(returning: .failure(.workerGone)) }
        while waitpid(processIdentifier, nil, 0) < 0, errno == EINTR {}
        let waiting = state.withLock { state in
            state.isReaped = true
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }

    static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }
}
