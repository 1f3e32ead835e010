public import Audit
internal import Foundation
internal import JSON
internal import Logging
internal import Storage

extension CertificateAuthorities {
    /// Counts a request that the log does not have, for the event RecordInterrupted.
    public func note(_ call: UnrecordedCall) { interruption.note(call, at: clock()) }

    /// Adds an event of the daemon's own, which no caller waits for: now, or when the log can be written again. While it cannot,
    /// a thousand of them are kept; each is in the daemon's own log too.
    public func recordNowOrLater(_ event: AuditEvent) async {
        do { try await record(event) } catch {
            interruption.note(event, at: clock())
            logger.critical(
                "an event could not be recorded yet",
                metadata: ["event": "\(event.name)", "reason": "\(error)"])
        }
    }

    /// Tells the log what it misses, and concludes the intents whose outcome it did not get, once it can be written again.
    /// - Returns: whether anything was missing
    /// - Throws: ``CAError/storage(_:)`` while it cannot be written
    @discardableResult
    public func resumeRecord() async throws(CAError) -> Bool {
        guard let missing = interruption.current else { return false }
        let interrupted = AuditEvent.service(
            "RecordInterrupted", scope: naming.scope, time: clock(),
            details: [
                "from": .string(AuditEvent.text(missing.since)),
                "until": .string(AuditEvent.text(clock())),
                "unrecordedReads": .integer(Int64(missing.reads)),
                "unrecordedRefusals": .integer(Int64(missing.refusals)),
                "openIntents": .integer(Int64(missing.intents.count)),
            ])
        try await commit((missing.events + [interrupted]).map { .append($0) })
        interruption.forget(missing, at: clock())
        // One that fails now is noted again by its commit.
        try await concludeIntents(
            "its outcome could not be recorded; a signature may exist, none was released",
            among: missing.intents)
        logger.notice(
            "the record is written again",
            metadata: [
                "since": "\(AuditEvent.text(missing.since))", "reads": "\(missing.reads)",
                "refusals": "\(missing.refusals)", "intents": "\(missing.intents.count)",
            ])
        return true
    }
}
