internal import CConcurrency
internal import CPlatform
internal import Foundation
internal import Logging
internal import Synchronization
internal import TokenProtocol

/// One worker process: its requests under way, their deadlines, and its end.
///
/// A thread for each session reads its answers, and sends what has its turn then; another watches. A call that overruns its
/// deadline ends the process, because a hanging module cannot be interrupted in any other way; every other call under way
/// then fails with ``HSMError/workerGone``.
final class WorkerProcess: Sendable {
    /// Whoever waits for its turn.
    enum Turn {
        case call(WorkerCall)
        /// Somebody who only waits.
        case entrance(CheckedContinuation<HSMError?, Never>)
        /// Sessions that are to be left idle for a while.
        case rest
    }

    private struct State {
        var calls: CallsUnderWay
        var isGone = false
        var isReaped = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    let processIdentifier: pid_t
    private let sockets: WorkerSockets
    /// The threads that read answers.
    private let readers = DispatchGroup()
    private let state: Mutex<State>
    /// Whether sessions are being spared (``spareSessions()``), and for how long the next time.
    let sparing = Mutex(Sparing())
    private let messagePatience: Duration
    /// One message for each session there is, and until ``serve(sessions:)`` one, for the opening. What comes while all are at
    /// work waits here, and the next message takes its share of it: one sent ahead would be a wakening of its own for every
    /// call.
    let queue: CallQueue<Turn>
    /// One key is made at a time: SoftHSM answers CKR_GENERAL_ERROR to some of several at once.
    private let keyMaking: CallQueue<Turn>

    /// What the C library's malloc keeps for each thread and size (glibc's manual, "Memory Allocation Tunables"). OpenSSL,
    /// which software tokens sign with, allocates more than the seven that are usual, and spends a tenth of a P-256
    /// signature on putting them together. The token's own environment goes before it.
    private static let allocation = ["GLIBC_TUNABLES": "glibc.malloc.tcache_count=200"]

    /// What the kernel calls the threads that read answers, for whoever looks at the daemon's threads.
    static let readerName = "token answers"

    /// Starts the configured worker.
    init(_ configuration: TokenConfiguration, logger: Logger) throws(HSMError) {
        // A process, and a thread, may run only where the thread did that made it.
        signet_leave_core()
        state = Mutex(State(calls: CallsUnderWay()))
        messagePatience = configuration.messagePatience
        queue = CallQueue(
            places: 1, limit: configuration.queueLimit,
            patience: configuration.queuePatience)
        keyMaking = CallQueue(
            places: 1, limit: configuration.queueLimit, patience: configuration.longDeadline)
        (sockets, processIdentifier) = try WorkerSockets.startWorker(
            configuration,
            environment: configuration.environment.merging(Self.allocation) { given, _ in given },
            logger: logger)
        for session in 0..<configuration.sessions {
            readers.enter()
            Thread { [self] in
                // Foundation's own name of a thread is lost when the thread is quicker than whoever started it.
                unsafe signet_name_thread(Self.readerName)
                readAnswers(from: WorkerSockets.session(session))
                readers.leave()
            }.start()
        }
        Thread { [self] in watch() }.start()
    }

    /// Sends a message to each of so many sessions at once from now on, because the worker has so many.
    func serve(sessions: Int) {
        state.withLock { $0.calls.serve(sessions: sessions) }
        sparing.withLock { $0.sessions = sessions }
        queue.widen(to: sessions)
    }

    /// The most calls that a message had.
    var largestMessage: Int { state.withLock { $0.calls.largestMessage } }

    /// Whether the process has ended or was ended.
    var isGone: Bool { state.withLock { $0.isGone } }

    /// Sends `request` when its turn comes and waits for its answer. A failure the worker reports is thrown.
    /// - Parameter allowed: how long the worker may be at it
    func call(
        _ request: WorkerRequest, allowed: Duration, for claim: TokenClaim
    ) async throws(HSMError) -> WorkerAnswer {
        guard case .generateKeyPair = request else {
            return try await answer(to: request, allowed: allowed, for: claim)
        }
        try await enter(keyMaking, 1, for: claim)
        defer { release(1, of: keyMaking) }
        return try await answer(to: request, allowed: allowed, for: claim)
    }

    private func answer(
        to request: WorkerRequest, allowed: Duration, for claim: TokenClaim
    ) async throws(HSMError) -> WorkerAnswer {
        signet_note_request(processIdentifier)
        let result = await withCheckedContinuation { continuation in
            let call = WorkerCall(request: request, allowed: allowed, continuation: continuation)
            switch queue.enter(.call(call), 1, mayShare: request.isShort, for: claim) {
            case .now: if !send([call]) { release(1, of: queue) }
            case .later: break
            case .refused: continuation.resume(returning: .failure(.busy))
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
            try await enter(queue, .max, for: TokenClaim(claimant: "", isUrgent: true))
        } catch { return }
        release(.max, of: queue)
    }

    private func enter(
        _ queue: CallQueue<Turn>, _ weight: Int, for claim: TokenClaim
    ) async throws(HSMError) {
        let refusal = await withCheckedContinuation { continuation in
            switch queue.enter(.entrance(continuation), weight, for: claim) {
            case .now: continuation.resume(returning: nil)
            case .later: break
            case .refused: continuation.resume(returning: .busy)
            }
        }
        if let refusal { throw refusal }
    }

    /// Gives room in a queue to those whose turn it is.
    func release(_ weight: Int, of queue: CallQueue<Turn>) {
        var freed = [weight]
        while let weight = freed.popLast() {
            for group in queue.leave(weight, together: callsOfMessage) {
                var calls: [WorkerCall] = []
                for turn in group {
                    switch turn {
                    case .call(let call): calls.append(call)
                    case .entrance(let continuation): continuation.resume(returning: nil)
                    case .rest: rest()
                    }
                }
                // Nobody has the room of what cannot be sent.
                if !calls.isEmpty, !send(calls) { freed.append(1) }
            }
        }
    }

    /// The most calls in a message.
    private static let mostTogether = 8

    /// How many calls share a message when so many wait: each message costs both processes a wakening, which a token in
    /// software would feel, and none is to wait long because of others.
    private func callsOfMessage(_ waiting: Int, _ sessions: Int) -> Int {
        let pace = state.withLock { $0.calls.pace }
        let most =
            pace <= .zero ? Self.mostTogether : Int(min(messagePatience / pace, Double(Self.mostTogether)))
        return max(1, min(most, (waiting + sessions - 1) / sessions))
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

    /// Sends calls in one message. When that does not work they fail, and the answer is false.
    private func send(_ calls: [WorkerCall]) -> Bool {
        let message: (socket: Int, number: UInt64)? = state.withLock { state in
            state.isGone ? nil : state.calls.add(calls, at: .now)
        }
        guard let message else {
            for call in calls { call.continuation.resume(returning: .failure(.workerGone)) }
            return false
        }
        // Sent without the lock, which the readers of the answers need.
        let frames = calls.enumerated().map {
            $0.element.request.frame(identifier: message.number << Self.placeBits | UInt64($0.offset))
        }
        guard let refusal = sockets.send(FrameMessage.join(frames), to: message.socket) else { return true }
        // Unless the worker's end has answered them already.
        let unsent = state.withLock { $0.calls.remove(message.number, from: message.socket) }
        guard let batch = unsent else { return true }
        for call in batch.calls { call?.continuation.resume(returning: .failure(refusal)) }
        return false
    }

    /// A frame's identifier is the number of its batch and, in so many bits, its place in it.
    private static let placeBits = 8

    /// How often deadlines are looked at.
    private static let watch: Duration = .milliseconds(200)

    /// Until the worker ends: takes its first answer, sends away who waited too long, and looks at deadlines.
    private func watch() {
        var timeout = timeval(tv_sec: 0, tv_usec: Int(Self.watch.inMilliseconds) * 1000)
        _ = unsafe setsockopt(
            sockets.all[WorkerSockets.main], SOL_SOCKET, SO_RCVTIMEO, &timeout,
            socklen_t(MemoryLayout<timeval>.size))
        var buffer = Self.makeBuffer()
        var isOpen = false
        watching: while true {
            switch receive(from: WorkerSockets.main, &buffer) {
            // Only the first comes this way: a stream of them would keep deadlines from being looked at.
            case .answers(let answers):
                if isOpen || !take(answers, from: WorkerSockets.main) { break watching }
                isOpen = true
            case .end: break watching
            case .silence:
                for turn in queue.dismissOverdue() + keyMaking.dismissOverdue() {
                    switch turn {
                    case .call(let call): call.continuation.resume(returning: .failure(.busy))
                    case .entrance(let continuation): continuation.resume(returning: .busy)
                    case .rest: sparing.withLock { $0.end(at: .now) }
                    }
                }
                if failOverdueCalls() { break watching }
            }
        }
        end()
    }

    /// Reads what one session answers, until the worker ends or answers what nobody asked: that one is not to be trusted with
    /// a deadline.
    private func readAnswers(from socket: Int) {
        var buffer = Self.makeBuffer()
        while case .answers(let answers) = receive(from: socket, &buffer),
            takeAndGoOn(answers, from: socket)
        {}
        // The watch hears of it.
        sockets.shutDown()
    }

    /// Hands answers out. When there is one, the first task that goes on because of it, which is mostly the one it is for, does so
    /// here, until it waits for something: to wake another thread costs about half of what a token in software takes to sign.
    /// Those that one message answers are better off beside each other.
    private func takeAndGoOn(
        _ answers: [(identifier: UInt64, answer: WorkerAnswer)], from socket: Int
    ) -> Bool {
        if answers.count == 1 { signet_keep_job() }
        let isReadingOn = take(answers, from: socket)
        let asked = unsafe signet_kept_job().map { unsafe signet_run_job($0) }
        // A task that asked again is answered soonest on the core where the session is.
        if asked == processIdentifier, case .signature(_, let core)? = answers.last?.answer {
            signet_stay_on_core(UInt32(core))
        } else {
            signet_leave_core()
        }
        return isReadingOn
    }

    private enum Received {
        case answers([(identifier: UInt64, answer: WorkerAnswer)])
        /// Nothing for ``watch``.
        case silence
        /// The worker is gone, or sent what no answer can be.
        case end
    }

    /// Room for a message, and for one byte more that tells a message that is too long.
    private static func makeBuffer() -> [UInt8] { [UInt8](repeating: 0, count: FrameLimit.bytes + 1) }

    private func receive(from socket: Int, _ buffer: inout [UInt8]) -> Received {
        while true {
            let count = unsafe recv(sockets.all[socket], &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return .silence }
            guard count > 0, count <= FrameLimit.bytes,
                let answers = try? FrameMessage.split(Array(buffer[..<count])[...]).map(
                    WorkerAnswer.parseBounded)
            else { return .end }
            return .answers(answers)
        }
    }

    /// Sends what has its turn now, so that the worker is not kept waiting, and hands the answers to those who asked; false
    /// when there is one that nobody waits for.
    private func take(_ answers: [(identifier: UInt64, answer: WorkerAnswer)], from socket: Int) -> Bool {
        var isExpected = true
        var answered: [(WorkerCall, WorkerAnswer)] = []
        var freed = 0
        let now = SuspendingClock.now
        state.withLock { state in
            for (identifier, answer) in answers {
                let (number, place) = (
                    identifier >> Self.placeBits, Int(identifier & (1 << Self.placeBits - 1))
                )
                guard let (call, isLast) = state.calls.take(place, of: number, from: socket, at: now) else {
                    isExpected = false
                    continue
                }
                answered.append((call, answer))
                if isLast { freed += 1 }
            }
        }
        if freed > 0 { release(freed, of: queue) }
        for (call, answer) in answered { call.continuation.resume(returning: .success(answer)) }
        return isExpected
    }

    private func failOverdueCalls() -> Bool {
        let overdue = state.withLock { $0.calls.takeOverdue(at: .now, unless: sockets.hasUnread) }
        for call in overdue {
            call.continuation.resume(
                returning: .failure(.deadlineExceeded(milliseconds: call.allowed.inMilliseconds)))
        }
        return !overdue.isEmpty
    }

    private func end() {
        stop()
        state.withLock { $0.isGone = true }
        sockets.shutDown()
        // What it answered before its end is an answer. A thread that a task holds is not waited for.
        _ = readers.wait(timeout: .now() + .seconds(1))
        let left = state.withLock { $0.calls.removeAll() }
        for batch in left {
            for call in batch.calls { call?.continuation.resume(returning: .failure(.workerGone)) }
        }
        // Those who wait fail too.
        if !left.isEmpty { release(left.count, of: queue) }
        WorkerRegistry.reap(processIdentifier)
        let waiting = state.withLock { state in
            state.isReaped = true
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }
}

extension WorkerRequest {
    /// Whether a message may have several like it: a signature over a digest or a few kilobytes.
    fileprivate var isShort: Bool {
        guard case .sign(let identifier, _, let input) = self else { return false }
        return identifier.count + input.count <= 4096
    }
}
