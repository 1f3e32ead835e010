internal import ServiceLifecycle
internal import Tokens

/// Reopens tokens whose workers were lost, and periodically reads the keys back, without waiting for a
/// request.
struct TokenSupervisor: Service {
    let tokens: TokenSet
    let readBackEvery: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var nextReadBack = ContinuousClock.now + readBackEvery
            while !Task.isCancelled {
                for token in tokens.tokens where !tokens.isDrained(token.configuration.name) {
                    // A failure is logged already, and a refused PIN is not retried. The task is not awaited,
                    // because opening may take longer than the daemon's stop allows.
                    if await !token.isServing { Task { _ = try? await token.open() } }
                }
                if ContinuousClock.now >= nextReadBack {
                    nextReadBack = .now + readBackEvery
                    Task { await tokens.readBackKeys() }
                }
                try? await Task.sleep(for: .seconds(5))
            }
        }
    }
}
