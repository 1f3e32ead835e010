internal import Operations
internal import ServiceLifecycle
internal import UnixSignals

/// Reloads the policies at each SIGHUP.
struct PolicyReloader: Service {
    let service: APIService
    /// Trapped first, so that an early signal is queued and does not end the daemon.
    let signals: UnixSignalsSequence

    func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() { await service.reload() }
    }
}
