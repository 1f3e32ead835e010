public import JSON

/// The answer to a call whose event is in the log. Front ends send only this type, so that every answered
/// call is recorded. Only ``EventStore/commit(_:answering:)``, ``EventStore/record(reading:unless:)`` and, for the
/// status of certificates, ``init(counted:)`` make one.
public struct Audited<Output: Sendable>: ~Copyable, Sendable {
    /// Whether the log has the event. False only for a read-only call while the log cannot be written.
    public let isRecorded: Bool
    private let output: Output

    fileprivate init(_ output: Output, isRecorded: Bool) {
        self.output = output
        self.isRecorded = isRecorded
    }

    /// The answer to a request for the status of certificates, which has no event: see ``CountedAnswer``.
    public init(counted output: Output) where Output: CountedAnswer {
        self.init(output, isRecorded: true)
    }

    /// Returns the output and consumes the answer.
    public consuming func take() -> Output { output }

    /// The same answer in another form.
    /// - Throws: ``AnswerFailure`` with what `transform` threw
    public consuming func map<Other: Sendable>(
        _ transform: (Output) async throws -> Other
    ) async rethrows -> Audited<Other> {
        let other: Other
        do { other = try await transform(output) } catch {
            throw error as? AnswerFailure ?? AnswerFailure(cause: error)
        }
        return Audited<Other>(other, isRecorded: isRecorded)
    }
}

/// An answer that is counted in place of an event. Relying parties ask for the status of certificates at any
/// rate, and a log that grows with each request could be filled by anyone. The signature of such an answer
/// is within a recorded batch, or has an intent of its own.
public protocol CountedAnswer: Sendable {}

/// A recorded call that cannot be answered, because converting its output failed. The call must not be
/// recorded again: the log would have both a success and a failure.
public struct AnswerFailure: Error, Sendable {
    public let cause: any Error

    fileprivate init(cause: any Error) { self.cause = cause }
}

/// The answer to a call before its event is durable.
public struct Answer<Output: Sendable>: Sendable {
    public let output: Output
    public let call: APICall
    /// The policy statement that allowed the call.
    let statement: String
    /// The output in the form of the log: CloudTrail's `responseElements`.
    let response: JSONValue

    public init(
        _ output: Output, to call: APICall, allowedBy statement: String, response: JSONValue = .null
    ) {
        self.output = output
        self.call = call
        self.statement = statement
        self.response = response
    }

    fileprivate var event: AuditEvent { call.succeeded(statement: statement, response: response) }
}

/// A store whose commits can add events to the log.
public protocol EventStore: Sendable {
    associatedtype Entry: Sendable
    associatedtype Failure: Error

    /// Makes the changes, all or nothing, and returns when they survive a crash of the machine.
    func commit(_ changes: [Entry]) async throws(Failure)

    /// The change that adds an event to the end of the log.
    static func adding(_ event: AuditEvent) -> Entry

    /// The event that a change adds to the log; nil for a change that adds none.
    static func event(addedBy entry: Entry) -> AuditEvent?
}

extension EventStore {
    /// Makes the changes of a call, with the call's event.
    public func commit<Output>(
        _ changes: [Entry], answering answer: Answer<Output>
    ) async throws(Failure) -> Audited<Output> {
        try await commit(changes + [Self.adding(answer.event)])
        return Audited(answer.output, isRecorded: true)
    }

    /// The same for changes that already include the call's event, because a record refers to its place in
    /// the log.
    /// - Parameter changes: given the event
    public func commit<Output>(
        answering answer: Answer<Output>, with changes: (AuditEvent) -> [Entry]
    ) async throws(Failure) -> Audited<Output> {
        let event = answer.event
        let entries = changes(event)
        precondition(
            entries.count { Self.event(addedBy: $0)?.id == event.id } == 1, "the call is not recorded once")
        try await commit(entries)
        return Audited(answer.output, isRecorded: true)
    }

    /// Records a call that changed nothing.
    /// - Parameter unrecorded: called when the event cannot be written. When it returns, the call is answered
    ///   without a record; when it throws, it is not answered.
    public func record<Output>(
        reading answer: Answer<Output>, unless unrecorded: (Failure) throws(Failure) -> Void
    ) async throws(Failure) -> Audited<Output> {
        do throws(Failure) { return try await commit([], answering: answer) } catch {
            try unrecorded(error)
            return Audited(answer.output, isRecorded: false)
        }
    }
}
