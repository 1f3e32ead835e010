internal import AuditLog
internal import Logging
internal import ServiceLifecycle

/// Signs a checkpoint of the log every second in which events were added, so that they cannot be removed
/// unnoticed.
struct CheckpointSigner: Service {
    let checkpoints: LogCheckpoints
    let logger: Logger

    func run() async throws {
        guard checkpoints.isNamed else { return try await gracefulShutdown() }
        defer { checkpoints.end() }
        await cancelWhenGracefulShutdown {
            var isFailing = false
            while !Task.isCancelled {
                do {
                    try await checkpoints.sign()
                    if isFailing { logger.notice("checkpoints are signed again") }
                    isFailing = false
                } catch {
                    if Task.isCancelled { break }
                    // Logged once, because the token's own state is in the log already.
                    if !isFailing {
                        logger.error("no checkpoint is signed", metadata: ["reason": "\(error)"])
                    }
                    isFailing = true
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
