/// Concludes what a crash left half done.
public struct ConcludeUnfinishedWork: Sendable {
    let signatures: InterruptedSignatures
    let creations: InterruptedCreations
    let approvals: InterruptedApprovals
    let reports: MakeAuditReports

    /// Concludes what a crash left half done, before anything new is begun: intents without an outcome, and
    /// authorities and audit reports that were being created. Each is told in the audit log, once, and in the daemon's own.
    public func callAsFunction() async throws(CAError) {
        try await signatures.conclude(
            "the daemon stopped before the outcome was recorded; a signature may exist, none was released")
        try await creations.conclude()
        try await approvals.conclude()
        try await reports.concludeInterrupted()
    }
}
