internal import HTTPAPI
internal import ServiceLifecycle
internal import UnixSignals

/// Reads the policies anew whenever SIGHUP comes.
struct PolicyReloader: Service {
    let server: APIServer

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { await server.reload() }
    }
}
