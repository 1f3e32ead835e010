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
    /// What is answered is nil.
    fileprivate(set) var calls: [WorkerCall?]
    let sentAt: SuspendingClock.Instant
    /// Of the call the worker is at.
    fileprivate var deadline: SuspendingClock.Instant
    /// The place of the call that was late when somebody last looked.
    fileprivate var late: Int?

    /// The call the worker is at; or one it has done already, whose answer waits for the next.
    fileprivate var current: (place: Int, call: WorkerCall)? {
        calls.firstIndex { $0 != nil }.flatMap { place in calls[place].map { (place, $0) } }
    }
}

/// What a worker was sent and has not answered yet, and until when it may be at it. There is a session for every message:
/// ``WorkerProcess`` sends no more of them than the worker has sessions.
struct CallsUnderWay: Sendable {
    private var batches: [UInt64: CallBatch] = [:]
    private var nextBatch: UInt64 = 1
    /// How long a call took lately.
    private(set) var pace = Duration.seconds(1)
    /// The most calls that a message had.
    private(set) var largestMessage = 0

    /// Notes calls that are sent in one message, and gives it its number.
    mutating func add(_ calls: [WorkerCall], at now: SuspendingClock.Instant) -> UInt64 {
        let number = nextBatch
        nextBatch += 1
        batches[number] = CallBatch(calls: calls, sentAt: now, deadline: now + calls[0].allowed)
        largestMessage = max(largestMessage, calls.count)
        return number
    }

    /// Takes a message out that was not sent after all; nil when it has been answered.
    mutating func remove(_ number: UInt64) -> CallBatch? { batches.removeValue(forKey: number) }

    /// Takes out the call that was answered, and says whether it was the last of its message; nil when nobody made such a
    /// call.
    mutating func take(
        _ place: Int, of number: UInt64, at now: SuspendingClock.Instant
    ) -> (call: WorkerCall, isLast: Bool)? {
        guard var batch = batches.removeValue(forKey: number) else { return nil }
        guard place < batch.calls.count, let call = batch.calls[place].take() else {
            batches[number] = batch
            return nil
        }
        if let next = batch.current {
            batch.deadline = now + next.call.allowed
            batches[number] = batch
            return (call, false)
        }
        pace = (pace * 3 + (now - batch.sentAt) / batch.calls.count) / 4
        return (call, true)
    }

    /// Takes out, of each message that is late and was so when somebody last looked, the first call without an answer: an
    /// answer that is there already is read in between, unless a task holds the thread that reads it. Which call the worker is
    /// at cannot be told: it may have done this one.
    mutating func takeOverdue(at now: SuspendingClock.Instant) -> [WorkerCall] {
        var overdue: [WorkerCall] = []
        for (number, batch) in batches {
            guard batch.deadline <= now, let (place, call) = batch.current else { continue }
            if batch.late == place {
                batches[number]?.calls[place] = nil
                overdue.append(call)
            } else {
                batches[number]?.late = place
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
