internal import Audit
public import Authorization
public import CA
internal import Foundation
internal import HummingbirdCore
internal import JSON
public import Logging
internal import NIOCore
internal import NIOPosix
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

    private let workshop: Workshop
    private let server: Server<HTTP1Channel>

    /// - Parameters:
    ///   - socketPath: where the socket is made; a file that is there is replaced, so whoever calls makes
    ///     sure that nobody serves on it
    ///   - loadRulebook: reads the configuration's policies anew
    ///   - readiness: what `/health/ready` answers
    ///   - onServing: called once connections are accepted
    public init(
        authorities: CertificateAuthorities, policy: PolicyInForce, socketPath: String, limits: Limits,
        logger: Logger, loadRulebook: @escaping @Sendable () throws(ReloadFailure) -> Rulebook,
        readiness: @escaping @Sendable () async -> Readiness,
        onServing: @escaping @Sendable () async -> Void
    ) {
        let endpoints: [Endpoint] = [
            .createCertificateAuthority, .describeCertificateAuthority, .listCertificateAuthorities,
            .getCertificateAuthorityCsr, .getCertificateAuthorityCertificate,
            .importCertificateAuthorityCertificate, .issueCertificate, .getCertificate,
            .issueConstrainedCertificate, .listTemplates, .listTokens, .drainToken, .resumeToken,
            .adoptCertificateAuthority, .tagCertificateAuthority, .untagCertificateAuthority, .listTags,
            .listApprovals, .getApproval, .approveRequest, .rejectRequest, .describePolicy, .reloadPolicy,
            .getAuditEvent, .listAuditEvents,
            .getCheckpoint, .getEventProof, .getIssuanceReceipt, .putPolicy, .getPolicy,
            .deletePolicy, .createPermission, .deletePermission, .listPermissions,
            .createCertificateAuthorityAuditReport, .describeCertificateAuthorityAuditReport,
        ]
        workshop = Workshop(
            authorities: authorities, policy: policy,
            endpoints: Dictionary(uniqueKeysWithValues: endpoints.map { ($0.target, $0) }),
            loadRulebook: loadRulebook, logger: logger)
        let responder = APIResponder(workshop: workshop, limits: limits, readiness: readiness)
        let channel = HTTP1Channel(
            responder: { request, writer, channel in
                let response = await responder.respond(to: request, on: channel)
                do { try await writer.write(response: response.head, body: response.body) } catch {
                    throw ResponseNotWritten()
                }
            }, configuration: .init(idleTimeout: .seconds(Int64(limits.idleSeconds))))
        server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: .unixDomainSocket(path: socketPath),
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: logger)),
            onServerRunning: { _ in await onServing() },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    }

    /// Reads the policies anew, because the operator said so (SIGHUP), and records what came of it.
    public func reload() async {
        let workshop = workshop
        let scope = workshop.authorities.naming.scope
        do {
            try await workshop.reload { rulebook, previous in
                .service(
                    "PolicyReloaded", scope: scope, time: Date(),
                    details: ["digest": .string(rulebook.digest), "previousDigest": .string(previous)])
            }
        } catch let failure as ReloadFailure {
            let event = AuditEvent.service(
                "PolicyReloadFailed", scope: scope, time: Date(),
                details: [
                    "digest": .string(workshop.policy.rulebook.digest),
                    "statusReason": .string(failure.reason),
                ])
            do { try await workshop.authorities.record(event) } catch {
                workshop.logger.critical(
                    "a reload could not be recorded", metadata: ["reason": "\(error)"])
            }
        } catch {
            workshop.logger.critical("a reload could not be recorded", metadata: ["reason": "\(error)"])
        }
    }

    /// Serves until a graceful shutdown, and then until every request under way is answered.
    public func run() async throws {
        try await server.run()
    }
}

/// Nobody is there any more to whom an answer could be given: the server only closes the connection.
private struct ResponseNotWritten: Error {}
