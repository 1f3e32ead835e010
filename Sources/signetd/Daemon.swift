internal import Authorization
internal import CA
internal import Foundation
internal import HSM
internal import HTTPAPI
internal import Logging
internal import SQLiteStorage
internal import ServiceLifecycle
internal import Settings
internal import Storage
internal import UnixSignals

/// The daemon put together: configuration, token, store, use cases, API. What can fail without having changed
/// anything comes first.
struct Daemon {
    let settings: Settings
    let logger: Logger

    /// Serves until SIGTERM or SIGINT, then finishes what is under way.
    func run() async throws {
        // Files the daemon makes are its own; the socket is opened to others when it is ready.
        umask(0o177)
        let socketFile = SocketFile(socket: settings.socket)
        try socketFile.checkIsFree()
        let token = HSM.Token(configuration: try tokenConfiguration(), logger: logger)
        try await open(token)
        do {
            try await serve(token, socketFile)
        } catch {
            await token.close()
            throw error as? StartupError
                ?? StartupError(
                    "the daemon cannot go on: \(error)",
                    hint: "see that the socket's directory and the database can be written", exitCode: 70)
        }
        await token.close()
    }

    private func serve(_ token: HSM.Token, _ socketFile: SocketFile) async throws {
        let lock = try InstanceLock(databasePath: settings.databasePath)
        let store = try openStore()
        let naming = CertificateAuthorities.Naming(
            partition: settings.naming.partition, region: settings.naming.region,
            account: settings.naming.account)
        let authorities = CertificateAuthorities(
            store: store,
            custody: TokenCustody(token: token, keyStorageSecurityStandard: settings.token.securityStandard),
            naming: naming, logger: logger)
        try await authorities.concludeUnfinishedWork()
        let server = APIServer(
            authorities: authorities, authorizer: Authorizer(principals: settings.principals),
            socketPath: settings.socket.path,
            limits: .init(connections: settings.limits.connections, idleSeconds: settings.limits.idleSeconds),
            logger: logger,
            isReady: {
                guard await token.isServing else { return false }
                return (try? await store.unresolvedIntents()) != nil
            },
            onServing: { announce(socketFile) })
        var configuration = ServiceGroupConfiguration(
            services: [TokenKeeper(token: token), server], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        try await ServiceGroup(configuration: configuration).run()
        socketFile.remove()
        logger.info("stopped")
        _ = consume lock
    }

    private func announce(_ socketFile: SocketFile) {
        do {
            try socketFile.open()
            // One line on standard output, for whoever waits for it.
            print("signetd ready on \(settings.socket.path)")
            fflush(nil)
        } catch {
            socketFile.remove()
            FileHandle.standardError.write(Data("error: \(error.message)\nhint: \(error.hint)\n".utf8))
            exit(error.exitCode)
        }
    }

    private func tokenConfiguration() throws(StartupError) -> TokenConfiguration {
        let beside = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("signet-token-worker").path
        let worker = settings.token.workerPath ?? beside
        guard FileManager.default.isExecutableFile(atPath: worker) else {
            throw StartupError(
                "the token worker `\(worker)` is not there or cannot be run",
                hint: "install signet-token-worker beside signetd, or set token.worker", exitCode: 78)
        }
        return TokenConfiguration(
            workerPath: worker, modulePath: settings.token.modulePath, tokenURI: settings.token.uri,
            pinFile: settings.token.pinFile, environment: settings.token.environment,
            sessions: settings.token.sessions, signDeadline: .seconds(settings.token.signSeconds))
    }

    private func open(_ token: HSM.Token) async throws(StartupError) {
        do { try await token.open() } catch {
            throw StartupError(
                "the token cannot be used: \(error)",
                hint: "see token.module, token.uri and token.pin-file in the configuration; "
                    + "Signet changed nothing on the token",
                exitCode: 69)
        }
    }

    private func openStore() throws(StartupError) -> SQLiteStore {
        do { return try SQLiteStore(path: settings.databasePath) } catch {
            throw StartupError(
                "the database `\(settings.databasePath)` cannot be used: \(error)",
                hint:
                    "its directory must exist and belong to the daemon's user, and no other program may hold it",
                exitCode: 69)
        }
    }
}
