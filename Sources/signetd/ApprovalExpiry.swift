internal import Approvals
internal import Logging
internal import ServiceLifecycle

/// Ends the requests for approval whose time is over, and forgets those that ended long ago, once a minute.
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
