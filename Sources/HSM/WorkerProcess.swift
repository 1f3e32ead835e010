internal import CPlatform
internal import Foundation
internal import Synchronization
internal import TokenProtocol

/// One worker process: its requests under way, their deadlines, and its end.
///
/// A thread of its own reads the answers, and sends what has its turn then. A call that overruns its deadline ends the
/// process, because a hanging module cannot be interrupted in any other way; every other call under way then fails with
/// ``HSMError/workerGone``.
final class WorkerProcess: Sendable {
    private struct Call {
        let request: WorkerRequest
        let weight: Int
        /// How long it may take.
        let allowed: Duration
        let continuation: CheckedContinuation<Result<WorkerAnswer, HSMError>, Never>
    }

    /// Whoever waits for its turn.
    private enum Turn {
        case call(Call)
        /// Somebody who only waits.
        case entrance(CheckedContinuation<HSMError?, Never>)
    }

    /// The calls of one message. The worker does one after the other.
    private struct Batch {
        /// What is answered is nil.
        var calls: [Call?]
        let weight: Int
        let sentAt: SuspendingClock.Instant
        /// Of the call the worker is at; nil while every session is at another message.
        var deadline: SuspendingClock.Instant?

        /// The call the worker is at, or will be first; or one it has done already, whose answer waits for the next.
        var current: (place: Int, call: Call)? {
            calls.firstIndex { $0 != nil }.flatMap { place in calls[place].map { (place, $0) } }
        }
    }

    private struct State {
        var batches: [UInt64: Batch] = [:]
        var nextBatch: UInt64 = 1
        /// How long a call took lately, waiting in the socket included.
        var pace = Duration.seconds(1)
        /// The most calls that a message had.
        var largestMessage = 0
        var isGone = false
        var isReaped = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []

        /// The sessions take messages in the order in which they were sent, which is about that of their numbers.
        mutating func begin(sessions: Int, at now: SuspendingClock.Instant) {
            var atWork = batches.values.count { $0.deadline != nil }
            while atWork < sessions,
                let (number, next) = batches.filter({ $0.value.deadline == nil }).min(by: { $0.key < $1.key })
            {
                batches[number]?.deadline = now + (next.current?.call.allowed ?? .zero)
                atWork += 1
            }
        }
    }

    let processIdentifier: pid_t
    private let descriptor: Int32
    private let state = Mutex(State())
    private let sessions: Int
    private let messagePatience: Duration
    /// Two messages for each session: one in it, one ready behind it.
    private let queue: CallQueue<Turn>
    /// One key is made at a time: SoftHSM answers CKR_GENERAL_ERROR to some of several at once.
    private let keyMaking: CallQueue<Turn>

    /// Starts the configured worker with nothing but its environment, one end of a socketpair and the memory with the PIN,
    /// if there is one.
    init(_ configuration: TokenConfiguration) throws(HSMError) {
        let path = configuration.workerPath
        let environment = configuration.environment
        sessions = configuration.sessions
        messagePatience = configuration.messagePatience
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

    /// The most calls that a message had.
    var largestMessage: Int { state.withLock { $0.largestMessage } }

    /// Whether the process has ended or was ended.
    var isGone: Bool { state.withLock { $0.isGone } }

    deinit { close(descriptor) }

    /// Sends `request` when its turn comes and waits for its answer. A failure the worker reports is thrown.
    /// - Parameter allowed: how long the worker may be at it
    func call(
        _ request: WorkerRequest, allowed: Duration, for claim: TokenClaim
    ) async throws(HSMError) -> WorkerAnswer {
        guard case .generateKeyPair = request else {
            return try await call(request, of: 1, allowed: allowed, for: claim)
        }
        try await enter(keyMaking, 1, for: claim)
        defer { release(1, of: keyMaking) }
        // It takes long: nothing is sent behind it.
        return try await call(request, of: 2, allowed: allowed, for: claim)
    }

    private func call(
        _ request: WorkerRequest, of weight: Int, allowed: Duration, for claim: TokenClaim
    ) async throws(HSMError) -> WorkerAnswer {
        let result = await withCheckedContinuation { continuation in
            let call = Call(request: request, weight: weight, allowed: allowed, continuation: continuation)
            switch queue.enter(.call(call), weight, mayShare: request.isShort, for: claim) {
            case .now: if !send([call]) { release(weight, of: queue) }
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
    private func release(_ weight: Int, of queue: CallQueue<Turn>) {
        var freed = [weight]
        while let weight = freed.popLast() {
            for group in queue.leave(weight, together: callsOfMessage) {
                var calls: [Call] = []
                for turn in group {
                    switch turn {
                    case .call(let call): calls.append(call)
                    case .entrance(let continuation): continuation.resume(returning: nil)
                    }
                }
                // Nobody has the room of what cannot be sent.
                if let first = calls.first, !send(calls) { freed.append(first.weight) }
            }
        }
    }

    /// The most calls in a message.
    private static let mostTogether = 8

    /// How many calls share a message when so many wait: each message costs both processes a wakening, which a token in
    /// software would feel, and none is to wait long because of others.
    private func callsOfMessage(_ waiting: Int) -> Int {
        let pace = state.withLock { $0.pace }
        let most =
            pace <= .zero ? Self.mostTogether : Int(min(messagePatience / pace, Double(Self.mostTogether)))
        return max(1, min(most, waiting / queue.places))
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
    private func send(_ calls: [Call]) -> Bool {
        let number: UInt64? = state.withLock { state in
            if state.isGone { return nil }
            defer { state.nextBatch += 1 }
            let now = SuspendingClock.now
            state.batches[state.nextBatch] = Batch(calls: calls, weight: calls[0].weight, sentAt: now)
            state.begin(sessions: sessions, at: now)
            state.largestMessage = max(state.largestMessage, calls.count)
            return state.nextBatch
        }
        guard let number else {
            for call in calls { call.continuation.resume(returning: .failure(.workerGone)) }
            return false
        }
        // Sent without the lock, which the reader of the answers needs.
        let frames = calls.enumerated().map {
            $0.element.request.frame(identifier: number << Self.placeBits | UInt64($0.offset))
        }
        guard let refusal = send(FrameMessage.join(frames)) else { return true }
        // Unless the worker's end has answered them already.
        let unsent = state.withLock { state in
            defer { state.begin(sessions: sessions, at: .now) }
            return state.batches.removeValue(forKey: number)
        }
        guard let batch = unsent else { return true }
        for call in batch.calls { call?.continuation.resume(returning: .failure(refusal)) }
        return false
    }

    /// A frame's identifier is the number of its batch and, in so many bits, its place in it.
    private static let placeBits = 8

    /// Nil when the kernel took the message. It never waits: a full buffer means that the worker does not read.
    private func send(_ message: [UInt8]) -> HSMError? {
        while true {
            let count = unsafe Foundation.send(
                descriptor, message, message.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR { continue }
            if count == message.count { return nil }
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
                    let answers = try? FrameMessage.split(Array(buffer[..<count])[...]).map(
                        WorkerAnswer.parse)
                else { break }
                // Who answers what nobody asked is not to be trusted with a deadline.
                guard take(answers) else { break }
            }
            let now = SuspendingClock.now
            guard isSilent || now >= nextLook else { continue }
            nextLook = now + Self.watch
            for turn in queue.dismissOverdue() + keyMaking.dismissOverdue() {
                switch turn {
                case .call(let call): call.continuation.resume(returning: .failure(.busy))
                case .entrance(let continuation): continuation.resume(returning: .busy)
                }
            }
            // An answer that is there already is not late, but a stream of them must not hide one that is.
            if failOverdueCalls(grace: isSilent ? .zero : .seconds(1)) { break }
        }
        end()
    }

    /// Sends what has its turn now, so that the worker is not kept waiting, and hands the answers to those who asked; false
    /// when there is one that nobody waits for.
    private func take(_ answers: [(identifier: UInt64, answer: WorkerAnswer)]) -> Bool {
        var isExpected = true
        var answered: [(Call, WorkerAnswer)] = []
        var freed: [Int] = []
        let now = SuspendingClock.now
        state.withLock { state in
            for (identifier, answer) in answers {
                let (number, place) = (
                    identifier >> Self.placeBits, Int(identifier & (1 << Self.placeBits - 1))
                )
                guard var batch = state.batches[number], place < batch.calls.count,
                    let call = batch.calls[place]
                else {
                    isExpected = false
                    continue
                }
                answered.append((call, answer))
                batch.calls[place] = nil
                state.batches[number] = nil
                if let next = batch.current {
                    batch.deadline = now + next.call.allowed
                    state.batches[number] = batch
                } else {
                    freed.append(batch.weight)
                    state.pace = (state.pace * 3 + (now - batch.sentAt) / batch.calls.count) / 4
                }
            }
            state.begin(sessions: sessions, at: now)
        }
        for weight in freed { release(weight, of: queue) }
        for (call, answer) in answered { call.continuation.resume(returning: .success(answer)) }
        return isExpected
    }

    /// Of each message that is late, the first call without an answer. Which one the worker is at cannot be told: it may have
    /// done this one.
    private func failOverdueCalls(grace: Duration) -> Bool {
        let now = SuspendingClock.now - grace
        let overdue = state.withLock { state in
            var overdue: [Call] = []
            for (number, batch) in state.batches {
                guard let deadline = batch.deadline, deadline <= now, let late = batch.current else {
                    continue
                }
                state.batches[number]?.calls[late.place] = nil
                overdue.append(late.call)
            }
            return overdue
        }
        for call in overdue {
            call.continuation.resume(
                returning: .failure(.deadlineExceeded(milliseconds: call.allowed.inMilliseconds)))
        }
        return !overdue.isEmpty
    }

    private func end() {
        stop()
        let left = state.withLock { state in
            defer { state.batches = [:] }
            state.isGone = true
            return state.batches.values.sorted { $0.sentAt < $1.sentAt }
        }
        // Closed only when nobody can send on it any more: its number could be another file's by then.
        shutdown(descriptor, Int32(SHUT_RDWR))
        for batch in left {
            for call in batch.calls { call?.continuation.resume(returning: .failure(.workerGone)) }
        }
        // Those who wait fail too.
        for batch in left { release(batch.weight, of: queue) }
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

extension WorkerRequest {
    /// Whether a message may have several like it: a signature over a digest or a few kilobytes.
    fileprivate var isShort: Bool {
        guard case .sign(let identifier, _, let input) = self else { return false }
        return identifier.count + input.count <= 4096
    }
}
