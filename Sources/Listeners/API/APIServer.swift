public import Logging
public import Operations
public import ServiceLifecycle

/// The API on its Unix socket.
public struct APIServer: Service {
    /// How ready the daemon is, and in words why it is not.
    public enum Readiness: Sendable {
        case ready
        /// It works, and something is missing.
        case degraded(String)
        case notReady(String)
    }

    private let listener: UnixListener

    /// - Parameters:
    ///   - socketPath: where the socket is made; a file that is there is replaced, so the caller makes
    ///     sure that no process serves on it
    ///   - readiness: what `/health/ready` answers
    ///   - onServing: called once connections are accepted
    public init(
        service: APIService, socketPath: String, limits: ConnectionLimits, logger: Logger,
        readiness: @escaping @Sendable () async -> Readiness,
        onServing: @escaping @Sendable () async -> Void
    ) {
        listener = UnixListener(
            path: socketPath, limits: limits,
            service: APIResponder(service: service, readiness: readiness), logger: logger,
            onServing: onServing)
    }

    /// Serves until a graceful shutdown, and then until every request under way is answered.
    public func run() async throws {
        try await listener.run()
    }
}
