internal import Publication
internal import ServiceLifecycle

/// Makes the queued audit reports. A report that the daemon's stop interrupts is FAILED.
struct AuditReportMaker: Service {
    let makeAuditReports: MakeAuditReports

    func run() async throws {
        await cancelWhenGracefulShutdown { await makeAuditReports() }
        // Without buckets there are no reports. The service must still wait, because the daemon ends when a
        // service ends.
        try await gracefulShutdown()
    }
}
