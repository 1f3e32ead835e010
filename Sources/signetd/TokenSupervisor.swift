internal import ServiceLifecycle
internal import Tokens

/// Opens tokens again when their workers were lost, and reads the keys back from time to time, without a request
/// anything.
struct TokenSupervisor: Service {
    let tokens: TokenSet
    let readBackEvery: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var nextReadBack = ContinuousClock.now + readBackEvery
            while !Task.isCancelled {
                for token in tokens.tokens where !tokens.isDrained(token.configuration.name) {
                    // A failure is in the log already, and a refused PIN is not tried again.
                    // Not waited for: opening may take longer than stopping may.
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
