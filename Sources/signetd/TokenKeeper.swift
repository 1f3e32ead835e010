internal import HSM
internal import ServiceLifecycle

/// Opens the token again when its worker was lost, so that the daemon comes back without anybody asking it
/// anything.
struct TokenKeeper: Service {
    let token: HSM.Token

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // A failure is in the log already, and a refused PIN is not tried again.
                // Not waited for: opening may take longer than stopping may.
                if await !token.isServing { Task { _ = try? await token.open() } }
                try? await Task.sleep(for: .seconds(5))
            }
        }
    }
}
