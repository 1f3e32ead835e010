internal import Foundation
internal import Signing
internal import Synchronization
internal import TokenProtocol

/// The calls to one worker: the queue in front of its sessions, the messages that were sent, and the answers.
///
/// Safe to use from any thread. No lock is held while a message is sent or a continuation is resumed.
final class WorkerCalls: Sendable {
    /// An entry of the queue.
    enum Turn {
        case call(WorkerCall)
        /// A task that waits for room and sends no message.
        case entrance(CheckedContinuation<HSMError?, Never>)
        /// Sessions that will be left idle (``reduceLoad()``).
        case rest
    }

    private struct State {
        var underWay = CallsUnderWay()
        /// Whether sending has ended.
        var isClosed = false
    }

    private let sockets: WorkerSockets
    private let state = Mutex(State())
    /// Whether sessions are resting, and the length of the next rest.
    let reducedLoad = Mutex(ReducedLoad())
    private let messagePatience: Duration
    /// One place for each session; before ``serve(sessions:)`` only one, for the opening. A call waits here
    /// while all sessions are busy, and then shares the next message. Sending it ahead would wake both
    /// processes once for every call.
    let queue: CallQueue<Turn>
    /// One key is generated at a time: SoftHSM answers CKR_GENERAL_ERROR to some of several at once.
    private let keyGeneration: CallQueue<Turn>

    init(_ configuration: TokenConfiguration, sockets: WorkerSockets) {
        self.sockets = sockets
        messagePatience = configuration.messagePatience
        queue = CallQueue(
            places: 1, limit: configuration.queueLimit, patience: configuration.queuePatience)
        keyGeneration = CallQueue(
            places: 1, limit: configuration.queueLimit, patience: configuration.longDeadline)
    }

    /// Uses this number of sessions from now on. Precondition: the queue is idle.
    func serve(sessions: Int) {
        state.withLock { $0.underWay.serve(sessions: sessions) }
        reducedLoad.withLock { $0.sessions = sessions }
        queue.widen(to: sessions)
    }

    /// The largest number of calls in a message so far.
    var largestMessage: Int { state.withLock { $0.underWay.largestMessage } }

    /// Sends `request` when its turn comes and waits for the answer. A failure that the worker reports is
    /// thrown.
    /// - Parameter allowed: how long the worker may take, from the moment it can begin
    func call(
        _ request: WorkerRequest, allowed: Duration, _ priority: SigningPriority
    ) async throws(HSMError) -> WorkerAnswer {
        guard case .generateKeyPair = request else {
            return try await answer(to: request, allowed: allowed, priority)
        }
        try await enter(keyGeneration, 1, priority)
        defer { release(1, of: keyGeneration) }
        return try await answer(to: request, allowed: allowed, priority)
    }

    private func answer(
        to request: WorkerRequest, allowed: Duration, _ priority: SigningPriority
    ) async throws(HSMError) -> WorkerAnswer {
        let result = await withCheckedContinuation { continuation in
            let call = WorkerCall(request: request, allowed: allowed, continuation: continuation)
            switch queue.enter(.call(call), 1, mayShare: request.isShort, priority) {
            case .now: if !send([call]) { release(1, of: queue) }
            case .queued: break
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
    func finish() async {
        // A task whose wait ended without a place must not return one.
        do throws(HSMError) {
            try await enter(queue, .max, SigningPriority(source: "", isUrgent: true))
        } catch { return }
        release(.max, of: queue)
    }

    private func enter(
        _ queue: CallQueue<Turn>, _ weight: Int, _ priority: SigningPriority
    ) async throws(HSMError) {
        let refusal = await withCheckedContinuation { continuation in
            switch queue.enter(.entrance(continuation), weight, priority) {
            case .now: continuation.resume(returning: nil)
            case .queued: break
            case .refused: continuation.resume(returning: .busy)
            }
        }
        if let refusal { throw refusal }
    }

    /// Returns room to a queue, and starts the next calls.
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
                // A message that cannot be sent frees its place.
                if !calls.isEmpty, !send(calls) { freed.append(1) }
            }
        }
    }

    /// The maximum number of calls in a message.
    private static let mostTogether = 8

    /// The number of calls in the next message when `waiting` calls wait for `sessions` sessions. Each
    /// message wakes both processes once, which costs a software token a noticeable share of a signature. No
    /// call waits longer than ``messagePatience`` for the others of its message.
    private func callsOfMessage(_ waiting: Int, _ sessions: Int) -> Int {
        let pace = state.withLock { $0.underWay.pace }
        let most =
            pace <= .zero ? Self.mostTogether : Int(min(messagePatience / pace, Double(Self.mostTogether)))
        return max(1, min(most, (waiting + sessions - 1) / sessions))
    }

    /// Sends calls in one message. When that fails the calls fail, and the result is false.
    private func send(_ calls: [WorkerCall]) -> Bool {
        let message: (socket: Int, number: UInt64)? = state.withLock { state in
            state.isClosed ? nil : state.underWay.add(calls, at: .now)
        }
        guard let message else {
            for call in calls { call.continuation.resume(returning: .failure(.workerGone)) }
            return false
        }
        // Sends without holding the lock, because the readers of answers need it.
        let frames = calls.enumerated().map {
            $0.element.request.frame(identifier: message.number << Self.placeBits | UInt64($0.offset))
        }
        guard let refusal = sockets.send(FrameMessage.join(frames), to: message.socket) else { return true }
        // Nil when ``failAll()`` has answered them already.
        let unsent = state.withLock { $0.underWay.remove(message.number, from: message.socket) }
        guard let batch = unsent else { return true }
        for call in batch.calls { call?.continuation.resume(returning: .failure(refusal)) }
        return false
    }

    /// A frame's identifier is the number of its message and, in so many low bits, its place in the message.
    private static let placeBits = 8

    /// Delivers answers to their calls after the next message was sent, so that the worker does not idle.
    /// False when no call waits for one of the answers.
    func take(_ answers: [(identifier: UInt64, answer: WorkerAnswer)], from socket: Int) -> Bool {
        var isExpected = true
        var answered: [(WorkerCall, WorkerAnswer)] = []
        var freed = 0
        let now = SuspendingClock.now
        state.withLock { state in
            for (identifier, answer) in answers {
                let (number, place) = (
                    identifier >> Self.placeBits, Int(identifier & (1 << Self.placeBits - 1))
                )
                guard let (call, isLast) = state.underWay.take(place, of: number, from: socket, at: now)
                else {
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

    /// Removes calls that have waited too long in a queue.
    func dismissOverdue() {
        for turn in queue.dismissOverdue() + keyGeneration.dismissOverdue() {
            switch turn {
            case .call(let call): call.continuation.resume(returning: .failure(.busy))
            case .entrance(let continuation): continuation.resume(returning: .busy)
            case .rest: reducedLoad.withLock { $0.end(at: .now) }
            }
        }
    }

    /// Fails the calls that are past their deadlines. True if there was one, which means that the module
    /// hangs.
    func failOverdue() -> Bool {
        let overdue = state.withLock { $0.underWay.takeOverdue(at: .now, unless: sockets.hasUnread) }
        for call in overdue {
            call.continuation.resume(
                returning: .failure(.deadlineExceeded(milliseconds: call.allowed.inMilliseconds)))
        }
        return !overdue.isEmpty
    }

    /// Stops sending. Later calls fail with ``HSMError/workerGone``.
    func close() { state.withLock { $0.isClosed = true } }

    /// Fails every sent and every waiting call. Precondition: ``close()`` was called, and no thread reads
    /// answers any more.
    func failAll() {
        let left = state.withLock { $0.underWay.removeAll() }
        for batch in left {
            for call in batch.calls { call?.continuation.resume(returning: .failure(.workerGone)) }
        }
        // Returning the places starts the queued calls, which cannot be sent and fail too.
        if !left.isEmpty { release(left.count, of: queue) }
    }
}

extension WorkerRequest {
    /// Whether it may share a message with other such calls: a signature over a digest or a few kilobytes.
    fileprivate var isShort: Bool {
        guard case .sign(let identifier, _, let input) = self else { return false }
        return identifier.count + input.count <= 4096
    }
}
