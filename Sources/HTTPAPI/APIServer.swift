public import Authorization
public import CA
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import ServiceLifecycle

/// The API on its Unix socket.
public struct APIServer: Service {
    public struct Limits: Sendable {
        /// Connections open at once; more wait to be accepted.
        public var connections: Int
        /// Seconds a connection may say nothing, and a body may take to arrive.
        public var idleSeconds: Int
        /// The largest body. A certificate chain of the API's 2 MiB is 2.7 MiB in base64.
        public let bodyBytes = 4 * 1024 * 1024

        public init(connections: Int, idleSeconds: Int) {
            self.connections = connections
            self.idleSeconds = idleSeconds
        }
    }

    /// How ready the daemon is, and in words why it is not.
    public enum Readiness: Sendable {
        case ready
        /// It works, and something is missing.
        case degraded(String)
        case notReady(String)
    }

    private let application: Application<APIResponder>

    /// - Parameters:
    ///   - socketPath: where the socket is made; a file that is there is replaced, so whoever calls makes
    ///     sure that nobody serves on it
    ///   - readiness: what `/health/ready` answers
    ///   - onServing: called once connections are accepted
    public init(
        authorities: CertificateAuthorities, policy: PolicyInForce, socketPath: String, limits: Limits,
        logger: Logger, readiness: @escaping @Sendable () async -> Readiness,
        onServing: @escaping @Sendable () async -> Void
    ) {
        let endpoints: [Endpoint] = [
            .createCertificateAuthority, .describeCertificateAuthority, .listCertificateAuthorities,
            .getCertificateAuthorityCsr, .getCertificateAuthorityCertificate,
            .importCertificateAuthorityCertificate, .issueCertificate, .getCertificate,
            .issueConstrainedCertificate, .listTemplates, .listTokens, .drainToken, .resumeToken,
            .adoptCertificateAuthority, .tagCertificateAuthority, .untagCertificateAuthority, .listTags,
            .listApprovals, .getApproval, .approveRequest, .rejectRequest, .putPolicy, .getPolicy,
            .deletePolicy, .createPermission, .deletePermission, .listPermissions,
        ]
        let responder = APIResponder(
            workshop: Workshop(
                authorities: authorities, policy: policy,
                endpoints: Dictionary(uniqueKeysWithValues: endpoints.map { ($0.target, $0) }),
                logger: logger), limits: limits, readiness: readiness)
        var configuration = ApplicationConfiguration(
            address: .unixDomainSocket(path: socketPath), serverName: nil)
        configuration.availableConnectionsDelegate = MaximumAvailableConnections(
            limits.connections, logger: logger)
        application = Application(
            responder: responder,
            server: .http1(configuration: .init(idleTimeout: .seconds(Int64(limits.idleSeconds)))),
            configuration: configuration,
            onServerRunning: { _ in await onServing() },
            logger: logger)
    }

    /// Serves until a graceful shutdown, and then until every request under way is answered.
    public func run() async throws {
        try await application.run()
    }
}
