internal import Approvals
internal import Logging
internal import ServiceLifecycle

/// Once a minute, expires overdue requests for approval and removes those that ended long ago.
struct ApprovalExpiry: Service {
    let endApprovals: EndApprovals
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await endApprovals.expireOverdue()
                    try await endApprovals.removeEnded()
                } catch {
                    logger.error(
                        "requests for approval were not looked through", metadata: ["reason": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(60))
            }
        }
    }
}
