internal import DequeModule
internal import TokenProtocol

/// A request that a worker is to answer.
struct WorkerCall: Sendable {
    let request: WorkerRequest
    /// How much room it takes in the ``CallQueue``.
    let weight: Int
    /// How long the worker may be at it.
    let allowed: Duration
    let continuation: CheckedContinuation<Result<WorkerAnswer, HSMError>, Never>
}

/// The calls of one message. The worker does one after the other.
struct CallBatch: Sendable {
    /// What is answered is nil.
    fileprivate(set) var calls: [WorkerCall?]
    let weight: Int
    let sentAt: SuspendingClock.Instant
    /// Of the call the worker is at; nil while every session is at another message.
    fileprivate(set) var deadline: SuspendingClock.Instant?
    /// The place of the call that was late when somebody last looked.
    fileprivate var late: Int?

    /// The call the worker is at, or will be first; or one it has done already, whose answer waits for the next.
    fileprivate var current: (place: Int, call: WorkerCall)? {
        calls.firstIndex { $0 != nil }.flatMap { place in calls[place].map { (place, $0) } }
    }
}

/// What a worker was sent and has not answered yet, and until when it may be at it.
struct CallsUnderWay: Sendable {
    private let sessions: Int
    private var batches: [UInt64: CallBatch] = [:]
    private var nextBatch: UInt64 = 1
    /// The numbers of those that no session is known to be at, in the order in which they were sent; some may have been
    /// answered since.
    private var unbegun: Deque<UInt64> = []
    /// How many have a session that is at them.
    private var atWork = 0
    /// How long a call took lately, waiting in the socket included.
    private(set) var pace = Duration.seconds(1)
    /// The most calls that a message had.
    private(set) var largestMessage = 0

    /// - Parameter sessions: how many messages the worker may be at
    init(sessions: Int) { self.sessions = sessions }

    /// Notes calls that are sent in one message, and gives it its number.
    mutating func add(_ calls: [WorkerCall], at now: SuspendingClock.Instant) -> UInt64 {
        let number = nextBatch
        nextBatch += 1
        batches[number] = CallBatch(calls: calls, weight: calls[0].weight, sentAt: now)
        unbegun.append(number)
        begin(at: now)
        largestMessage = max(largestMessage, calls.count)
        return number
    }

    /// Takes a message out that was not sent after all; nil when it has been answered.
    mutating func remove(_ number: UInt64, at now: SuspendingClock.Instant) -> CallBatch? {
        guard let batch = batches.removeValue(forKey: number) else { return nil }
        if batch.deadline != nil { atWork -= 1 }
        begin(at: now)
        return batch
    }

    /// Takes out the call that was answered, with its message when it was the last of it; nil when nobody made such a call.
    mutating func take(
        _ place: Int, of number: UInt64, at now: SuspendingClock.Instant
    ) -> (call: WorkerCall, finished: CallBatch?)? {
        guard var batch = batches.removeValue(forKey: number) else { return nil }
        guard place < batch.calls.count, let call = batch.calls[place].take() else {
            batches[number] = batch
            return nil
        }
        if let next = batch.current {
            if batch.deadline == nil { atWork += 1 }
            batch.deadline = now + next.call.allowed
            batches[number] = batch
            return (call, nil)
        }
        if batch.deadline != nil { atWork -= 1 }
        begin(at: now)
        pace = (pace * 3 + (now - batch.sentAt) / batch.calls.count) / 4
        return (call, batch)
    }

    /// Takes out, of each message that is late and was so when somebody last looked, the first call without an answer: an
    /// answer that is there already is read in between. Which call the worker is at cannot be told: it may have done this one.
    mutating func takeOverdue(at now: SuspendingClock.Instant) -> [WorkerCall] {
        var overdue: [WorkerCall] = []
        for (number, batch) in batches {
            guard let deadline = batch.deadline, deadline <= now, let (place, call) = batch.current else {
                continue
            }
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
        defer { (batches, unbegun, atWork) = ([:], [], 0) }
        return batches.values.sorted { $0.sentAt < $1.sentAt }
    }

    /// The sessions take messages in the order in which they were sent, which is about that of their numbers.
    private mutating func begin(at now: SuspendingClock.Instant) {
        while atWork < sessions, let number = unbegun.popFirst() {
            guard let first = batches[number]?.current, batches[number]?.deadline == nil else { continue }
            batches[number]?.deadline = now + first.call.allowed
            atWork += 1
        }
    }
}
