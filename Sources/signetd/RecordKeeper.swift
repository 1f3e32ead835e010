internal import CA
internal import ServiceLifecycle

/// Tries to write the log again every second while it cannot be written, so that the daemon comes back by itself.
struct RecordKeeper: Service {
    let authorities: CertificateAuthorities

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Why it cannot is said by readiness, and by each request that meets it.
                _ = try? await authorities.resumeRecord()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
