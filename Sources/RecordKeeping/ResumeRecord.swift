internal import Audit
internal import Foundation
internal import JSON
internal import Logging
internal import Storage

/// Records missing events and RecordInterrupted once the log can be written again.
public struct ResumeRecord: Sendable {
    let recorder: Recorder
    let signatures: InterruptedSignatures
    let naming: ARNNaming
    let clock: Clock
    let logger: Logger

    public func callAsFunction() async throws(CAError) -> Bool {
        guard let missing = recorder.interruption.current else { return false }
        let interrupted = AuditEvent.service(
            .recordInterrupted, scope: naming.scope, time: clock.now(),
            details: [
                "from": .string(AuditEvent.text(missing.since)),
                "until": .string(AuditEvent.text(clock.now())),
                "unrecordedReads": .integer(Int64(missing.reads)),
                "unrecordedRefusals": .integer(Int64(missing.refusals)),
                "openIntents": .integer(Int64(missing.intents.count)),
            ])
        try await recorder.commit((missing.events + [interrupted]).map { .append($0) })
        recorder.interruption.remove(missing, at: clock.now())
        // An intent whose commit fails now is added to the interruption again.
        try await signatures.conclude(
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
