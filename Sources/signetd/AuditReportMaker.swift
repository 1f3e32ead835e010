internal import Publication
internal import ServiceLifecycle

/// Makes the audit reports that are asked for. One that is under way when the daemon stops is FAILED.
struct AuditReportMaker: Service {
    let makeAuditReports: MakeAuditReports

    func run() async throws {
        await cancelWhenGracefulShutdown { await makeAuditReports() }
        // Without buckets there is nothing to make; a service that ends would end the daemon.
        try await gracefulShutdown()
    }
}
