internal import RecordKeeping
internal import ServiceLifecycle

/// While the log cannot be written, retries every second, so that the daemon recovers without a restart.
struct AuditLogRecovery: Service {
    let resumeRecord: ResumeRecord

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // The reason is in `/health/ready` and in the answers to requests.
                _ = try? await resumeRecord()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
