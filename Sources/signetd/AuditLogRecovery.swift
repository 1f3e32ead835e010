internal import RecordKeeping
internal import ServiceLifecycle

/// Tries to write the log again every second while it cannot be written, so that the daemon comes back by itself.
struct AuditLogRecovery: Service {
    let resumeRecord: ResumeRecord

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Why it cannot is said by readiness, and by each request that meets it.
                _ = try? await resumeRecord()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
