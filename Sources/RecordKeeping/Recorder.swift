public import Audit
public import Authorization
internal import Logging
public import Storage

/// Commits the changes of use cases, and adds calls and events to the log.
public struct Recorder: Sendable {
    public let commits: WatchedCommits
    let interruption: RecordInterruption
    let clock: Clock
    let logger: Logger

    /// Commits changes that belong to no call.
    public func commit(_ changes: [Change]) async throws(CAError) {
        do { try await commits.commit(changes) } catch { throw .storage(error) }
    }

    /// Commits the changes of a call together with its event.
    public func commit<Output>(
        _ changes: [Change], answering answer: Answer<Output>
    ) async throws(CAError) -> Audited<Output> {
        do { return try await commits.commit(changes, answering: answer) } catch { throw .storage(error) }
    }

    /// The same for changes one of which adds the call's event itself.
    public func commit<Output>(
        answering answer: Answer<Output>, with changes: (AuditEvent) -> [Change]
    ) async throws(CAError) -> Audited<Output> {
        do { return try await commits.commit(answering: answer, with: changes) } catch {
            throw .storage(error)
        }
    }

    /// Records a call whose effect is outside the store.
    public func commit<Output>(answering answer: Answer<Output>) async throws(CAError) -> Audited<Output> {
        try await commit([], answering: answer)
    }

    /// Records a call that changed nothing. The call is answered even while the log cannot be written,
    /// because its output has only data that was recorded before. The event RecordInterrupted counts it.
    public func answer<Output>(
        _ output: Output, to call: APICall, allowedBy statement: String
    ) async throws(CAError) -> Audited<Output> {
        let answer = Answer(output, to: call, allowedBy: statement)
        do throws(StorageError) {
            return try await commits.record(reading: answer) { (error) throws(StorageError) in
                guard case .unavailable = error else { throw error }
                interruption.add(.read, at: clock.now())
            }
        } catch { throw .storage(error) }
    }

    /// Answers a request with the result of a look-up, and records the call. See ``answer(_:to:allowedBy:)``.
    public func answer<Request, Output>(
        _ authorized: consuming Authorized<Request>, for call: APICall,
        with output: (Request) async throws(CAError) -> Output
    ) async throws(CAError) -> Audited<Output> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await answer(try await output(request), to: call, allowedBy: statement)
    }

    /// Adds an event that changes nothing: of a call that was refused or failed, or of the daemon.
    public func record(_ event: AuditEvent) async throws(CAError) { try await commit([.append(event)]) }

    /// Adds an event of the daemon itself now, or once the log can be written again. Until then up to a
    /// thousand events are kept in memory; each is in the daemon's own log too.
    public func recordNowOrLater(_ event: AuditEvent) async {
        do { try await record(event) } catch {
            interruption.add(event, at: clock.now())
            logger.critical(
                "an event could not be recorded yet",
                metadata: ["event": "\(event.name)", "reason": "\(error)"])
        }
    }

    /// Whether the log lacks calls or events because it could not be written.
    public var isInterrupted: Bool { interruption.current != nil }

    /// Counts a refusal that could not be recorded, for the event RecordInterrupted.
    public func addUnrecordedRefusal() { interruption.add(.refusal, at: clock.now()) }
}
