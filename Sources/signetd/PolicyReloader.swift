internal import Operations
internal import ServiceLifecycle
internal import UnixSignals

/// Reloads the policies at each SIGHUP.
struct PolicyReloader: Service {
    let service: APIService
    /// Trapped before anything else is done: a signal that comes early waits, and does not end the daemon.
    let signals: UnixSignalsSequence

    func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() { await service.reload() }
    }
}
