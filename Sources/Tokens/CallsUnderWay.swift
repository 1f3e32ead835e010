internal import TokenProtocol

/// A request that a worker is to answer.
struct WorkerCall: Sendable {
    let request: WorkerRequest
    /// How long the worker may be at it.
    let allowed: Duration
    let continuation: CheckedContinuation<Result<WorkerAnswer, HSMError>, Never>
}

/// The calls of one message. A session of the worker does one after the other.
struct CallBatch: Sendable {
    fileprivate let number: UInt64
    /// What is answered is nil.
    fileprivate(set) var calls: [WorkerCall?]
    let sentAt: SuspendingClock.Instant
    /// Of the call the worker is at.
    fileprivate var deadline: SuspendingClock.Instant
    /// The place of the call that was late at the last look.
    fileprivate var late: Int?

    /// The call the worker is at; or one it has done already, whose answer waits for the next.
    fileprivate var current: (place: Int, call: WorkerCall)? {
        calls.firstIndex { $0 != nil }.flatMap { place in calls[place].map { (place, $0) } }
    }
}

/// What a worker was sent and has not answered yet, and until when it may be at it. There is a session for every message:
/// ``WorkerProcess`` sends no more of them than the worker has sessions.
struct CallsUnderWay: Sendable {
    /// By the place in ``WorkerSockets/all`` of the socket they were sent to.
    private var batches: [Int: CallBatch] = [:]
    /// The sockets that a message may go to; the last is the next.
    private var idle = [WorkerSockets.main]
    private var nextBatch: UInt64 = 1
    /// How long a call took lately.
    private(set) var pace = Duration.seconds(1)
    /// The most calls that a message had.
    private(set) var largestMessage = 0

    /// Messages go to so many sessions from now on: the worker is open.
    mutating func serve(sessions: Int) { idle = (0..<sessions).reversed().map(WorkerSockets.session) }

    /// Notes calls that are sent in one message, and says to which socket, and the message's number.
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

    /// Takes a message out that was not sent after all; nil when it has been answered.
    mutating func remove(_ number: UInt64, from socket: Int) -> CallBatch? {
        guard batches[socket]?.number == number else { return nil }
        idle.append(socket)
        return batches.removeValue(forKey: socket)
    }

    /// Takes out the call that was answered, and says whether it was the last of its message; nil when no such call was sent to
    /// that socket.
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

    /// Removes, from each message that is late and was late at the last look too, the first call without an answer. An answer that
    /// was being read at the last look has been taken since. The worker may have finished this call and be at the next.
    /// - Parameter hasAnswer: whether the socket holds an answer that its reader has not read yet; the worker is not late then
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

    /// Takes everything out, in the order in which it was sent.
    mutating func removeAll() -> [CallBatch] {
        defer { batches = [:] }
        return batches.values.sorted { $0.sentAt < $1.sentAt }
    }
}
