internal import TokenProtocol

/// A request to a worker.
struct WorkerCall: Sendable {
    let request: WorkerRequest
    /// The time that the worker may take.
    let allowed: Duration
    let continuation: CheckedContinuation<Result<WorkerAnswer, HSMError>, Never>
}

/// The calls of one message. A session of the worker carries them out one after the other.
struct CallBatch: Sendable {
    fileprivate let number: UInt64
    /// Nil for answered calls.
    fileprivate(set) var calls: [WorkerCall?]
    let sentAt: SuspendingClock.Instant
    /// The deadline of the current call.
    fileprivate var deadline: SuspendingClock.Instant
    /// The place of the call that was late at the last check.
    fileprivate var late: Int?

    /// The first call without an answer. The worker may have finished it and wait to send its answer with the
    /// next one.
    fileprivate var current: (place: Int, call: WorkerCall)? {
        calls.firstIndex { $0 != nil }.flatMap { place in calls[place].map { (place, $0) } }
    }
}

/// The messages that a worker has not answered completely, with their deadlines. ``WorkerProcess`` sends no
/// more messages at once than the worker has sessions.
struct CallsUnderWay: Sendable {
    /// Keyed by the index of the socket in ``WorkerSockets/all``.
    private var batches: [Int: CallBatch] = [:]
    /// The idle sockets; the last is used next.
    private var idle = [WorkerSockets.main]
    private var nextBatch: UInt64 = 1
    /// The recent duration of a call.
    private(set) var pace = Duration.seconds(1)
    /// The largest number of calls in a message so far.
    private(set) var largestMessage = 0

    /// Sends messages to this number of sessions from now on, because the worker is open.
    mutating func serve(sessions: Int) { idle = (0..<sessions).reversed().map(WorkerSockets.session) }

    /// Registers the calls of one message. Returns the socket and the number of the message.
    mutating func add(_ calls: [WorkerCall], at now: SuspendingClock.Instant) -> (socket: Int, number: UInt64)
    {
        guard let socket = idle.popLast() else { preconditionFailure("no session is left for a message") }
        let number = nextBatch
        nextBatch += 1
        batches[socket] = CallBatch(
            number: number, calls: calls, sentAt: now, deadline: now + calls[0].allowed)
        largestMessage = max(largestMessage, calls.count)
        return (socket, number)
    }

    /// Removes a message that could not be sent; nil when it is no longer registered.
    mutating func remove(_ number: UInt64, from socket: Int) -> CallBatch? {
        guard batches[socket]?.number == number else { return nil }
        idle.append(socket)
        return batches.removeValue(forKey: socket)
    }

    /// Removes an answered call, and tells whether it was the last of its message. Nil when no such call was
    /// sent to that socket.
    mutating func take(
        _ place: Int, of number: UInt64, from socket: Int, at now: SuspendingClock.Instant
    ) -> (call: WorkerCall, isLast: Bool)? {
        guard var batch = batches.removeValue(forKey: socket) else { return nil }
        guard batch.number == number, place < batch.calls.count, let call = batch.calls[place].take() else {
            batches[socket] = batch
            return nil
        }
        if let next = batch.current {
            batch.deadline = now + next.call.allowed
            batches[socket] = batch
            return (call, false)
        }
        idle.append(socket)
        pace = (pace * 3 + (now - batch.sentAt) / batch.calls.count) / 4
        return (call, true)
    }

    /// Removes the first unanswered call of each message that is late now and was late at the last check. An
    /// answer that was being read at the last check has been taken since then.
    /// - Parameter hasAnswer: whether the socket holds an answer that its reader has not read yet; the worker
    ///   is not late then
    mutating func takeOverdue(
        at now: SuspendingClock.Instant, unless hasAnswer: (_ socket: Int) -> Bool
    ) -> [WorkerCall] {
        var overdue: [WorkerCall] = []
        for (socket, batch) in batches {
            guard batch.deadline <= now, let (place, call) = batch.current, !hasAnswer(socket) else {
                continue
            }
            if batch.late == place {
                batches[socket]?.calls[place] = nil
                overdue.append(call)
            } else {
                batches[socket]?.late = place
            }
        }
        return overdue
    }

    /// Removes all messages, in the order in which they were sent.
    mutating func removeAll() -> [CallBatch] {
        defer { batches = [:] }
        return batches.values.sorted { $0.sentAt < $1.sentAt }
    }
}
