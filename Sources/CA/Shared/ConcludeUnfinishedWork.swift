/// Concludes what a crash left half done.
public struct ConcludeUnfinishedWork: Sendable {
    let signatures: InterruptedSignatures
    let creations: InterruptedCreations
    let approvals: InterruptedApprovals
    let reports: MakeAuditReports

    /// Concludes what a crash left half done, before anything new is begun: intents without an outcome, and
    /// authorities and audit reports that were being created. Each is written once to the audit log, and once to the log of the daemon.
    public func callAsFunction() async throws(CAError) {
        try await signatures.conclude(
            "the daemon stopped before the outcome was recorded; a signature may exist, none was released")
        try await creations.conclude()
        try await approvals.conclude()
        try await reports.concludeInterrupted()
    }
}
