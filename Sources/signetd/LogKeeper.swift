internal import CA
internal import Logging
internal import ServiceLifecycle

/// Signs a checkpoint of the log every second in which events came, so that what was logged cannot be taken back.
struct LogKeeper: Service {
    let authorities: CertificateAuthorities
    let logger: Logger

    func run() async throws {
        guard authorities.log != nil else { return try await gracefulShutdown() }
        defer { authorities.endCheckpoints() }
        await cancelWhenGracefulShutdown {
            var isFailing = false
            while !Task.isCancelled {
                do {
                    try await authorities.signCheckpoint()
                    if isFailing { logger.notice("checkpoints are signed again") }
                    isFailing = false
                } catch {
                    if Task.isCancelled { break }
                    // Said once: the token's own state is in the log already.
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
