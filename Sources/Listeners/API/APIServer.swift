public import Logging
public import Operations
public import ServiceLifecycle

/// The API on its Unix socket.
public struct APIServer: Service {
    /// The readiness of the daemon, with the reason if it is not ready.
    public enum Readiness: Sendable {
        case ready
        /// It serves, but a token is missing.
        case degraded(String)
        case notReady(String)
    }

    private let listener: UnixListener

    /// - Parameters:
    ///   - socketPath: the path of the socket; an existing file is replaced, so the caller must check that no
    ///     process serves on it
    ///   - readiness: the answer of `/health/ready`
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

    /// Serves until a graceful shutdown, and then until every request in progress is answered.
    public func run() async throws {
        try await listener.run()
    }
}
