internal import Approvals
internal import Authorities
internal import Publication
public import RecordKeeping

extension UseCases {
    /// Concludes operations that a crash interrupted, before new requests are accepted: intents without an
    /// outcome, and authorities, approved requests and audit reports that were in progress. Each is written
    /// once to the audit log, and once to the log of the daemon.
    public func concludeUnfinishedWork() async throws(CAError) {
        try await signatures.conclude(
            "the daemon stopped before the outcome was recorded; a signature may exist, none was released")
        try await authorities.interruptedCreations.conclude()
        try await approvals.interrupted.conclude()
        try await publication.makeAuditReports.concludeInterrupted()
    }
}
