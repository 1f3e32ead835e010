internal import Audit
public import Authorization
public import CA
internal import Foundation
internal import JSON
public import Listeners
public import Logging
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

    private let context: APIContext
    private let listener: UnixListener

    /// - Parameters:
    ///   - socketPath: where the socket is made; a file that is there is replaced, so the caller makes
    ///     sure that no process serves on it
    ///   - isWorker: whether a process is a token worker of this daemon; it may not connect
    ///   - loadRulebook: reads the configuration's policies anew
    ///   - readiness: what `/health/ready` answers
    ///   - onServing: called once connections are accepted
    public init(
        useCases: UseCases, policy: PolicyInForce, socketPath: String,
        limits: ConnectionLimits,
        logger: Logger, isWorker: @escaping @Sendable (_ pid: Int32) -> Bool,
        loadRulebook: @escaping @Sendable () throws(ReloadFailure) -> Rulebook,
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
        context = APIContext(
            useCases: useCases, policy: policy,
            endpoints: Dictionary(uniqueKeysWithValues: endpoints.map { ($0.target, $0) }),
            loadRulebook: loadRulebook, logger: logger)
        listener = UnixListener(
            path: socketPath, limits: limits,
            service: APIResponder(context: context, readiness: readiness, isWorker: isWorker),
            logger: logger,
            onServing: onServing)
    }

    /// Reads the policies anew, because the operator said so (SIGHUP), and records what came of it.
    public func reload() async {
        let context = context
        let scope = context.useCases.settings.naming.scope
        do {
            try await context.reload { rulebook, previous in
                try await context.useCases.recorder.record(
                    .service(
                        "PolicyReloaded", scope: scope, time: Date(),
                        details: ["digest": .string(rulebook.digest), "previousDigest": .string(previous)]))
            }
        } catch let failure as ReloadFailure {
            let event = AuditEvent.service(
                "PolicyReloadFailed", scope: scope, time: Date(),
                details: [
                    "digest": .string(context.policy.rulebook.digest),
                    "statusReason": .string(failure.reason),
                ])
            do { try await context.useCases.recorder.record(event) } catch {
                context.logger.critical(
                    "a reload could not be recorded", metadata: ["reason": "\(error)"])
            }
        } catch {
            context.logger.critical("a reload could not be recorded", metadata: ["reason": "\(error)"])
        }
    }

    /// Serves until a graceful shutdown, and then until every request under way is answered.
    public func run() async throws {
        try await listener.run()
    }
}
