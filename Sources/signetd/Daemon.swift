internal import Approvals
internal import Audit
internal import AuditLog
internal import Authorities
internal import Authorization
internal import Buckets
internal import Foundation
internal import HTTPConnections
internal import Identifiers
internal import Issuance
internal import JSON
internal import Jobs
internal import Listeners
internal import LogLines
internal import Logging
internal import Operations
internal import Publication
internal import RecordKeeping
internal import SQLiteStorage
internal import ServiceLifecycle
internal import Settings
internal import Storage
internal import StrictYAML
internal import Tokens
internal import UnixSignals
internal import VisibleText
internal import WitnessClient

/// Builds the daemon from configuration, tokens, store, use cases and API. Steps that can fail without side
/// effects come first.
struct Daemon {
    let settings: DaemonSettings
    /// The path of the configuration file.
    let configurationPath: String
    let logger: Logger

    /// Serves until SIGTERM or SIGINT, then finishes the requests in progress.
    func run() async throws {
        // Only the daemon's user can access files that it creates. The socket gets its mode when the daemon
        // is ready.
        umask(0o177)
        DescriptorLimit.raise()
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let socketFile = SocketFile(socket: settings.socket)
        try socketFile.checkIsFree()
        let (events, journal) = AsyncStream.makeStream(of: TokenEvent.self)
        let records = try settings.ceremonyRecords()
        let tokens = try TokenAssembly(
            settings: settings.tokens, recorded: records?.keys, logger: logger
        ).assemble { journal.yield($0) }
        try await TokenAssembly.open(tokens, logger)
        do {
            try await serve(tokens, records?.logKey, events, socketFile, hangups)
        } catch {
            await tokens.close()
            throw error as? StartupError
                ?? StartupError(
                    "the daemon cannot go on: \(error: error)",
                    hint: "see that the socket's directory and the database can be written",
                    status: .internalError)
        }
        await tokens.close()
    }

    private func serve(
        _ tokens: TokenSet, _ logKey: LogIdentity.CeremonyKey?, _ events: AsyncStream<TokenEvent>,
        _ socketFile: SocketFile,
        _ hangups: UnixSignalsSequence
    ) async throws {
        let lock = try InstanceLock(databasePath: settings.databasePath)
        let store = try openStore()
        try await logKey?.checkIsOfLog(in: store)
        try makePublishedDirectory()
        let custody = TokenCustody(tokenSet: tokens)
        let useCases = UseCases(
            store: store, custody: custody, inventory: custody, settings: useCaseSettings(logKey),
            logger: logger)
        try await useCases.auditLog.compareLog()
        try await useCases.concludeUnfinishedWork()
        // Recorded before the first request, so that the log has the digests of the policies and the
        // configuration.
        await record(
            .daemonStarted,
            [
                "files": .object(JSONObject(settings.files.map { ($0.key, .string($0.value)) })),
                "policyDigest": .string(settings.rulebook.digest),
                "version": .string(productVersion),
            ], useCases.recorder)
        let service = APIService(
            useCases: useCases, policy: PolicyInForce(settings.rulebook), logger: logger,
            isWorker: { WorkerRegistry.contains($0) },
            loadRulebook: { [configurationPath] () throws(ReloadFailure) in
                do throws(StrictYAMLError) {
                    return try DaemonSettings.load(path: configurationPath).rulebook
                } catch {
                    // Callers must not see paths of the machine.
                    let faults = error.faults.map {
                        Fault(
                            file: URL(fileURLWithPath: $0.file).lastPathComponent, line: $0.line,
                            message: $0.message)
                    }
                    throw ReloadFailure(reason: faults.map(\.description).joined(separator: "\n"))
                }
            })
        let server = APIServer(
            service: service, socketPath: settings.socket.path, limits: settings.limits.connectionLimits,
            logger: logger,
            readiness: {
                guard (try? await store.unresolvedIntents()) != nil else {
                    return .notReady("the database cannot be read")
                }
                if let fault = store.lastFault { return .notReady(sentence(fault)) }
                if let fault = useCases.auditLog.compareLog.difference {
                    return .notReady("the audit log differs from its newest checkpoint: \(fault)")
                }
                return readiness(await custody.tokens(), useCases.jobs.statuses)
            },
            onServing: { announce(socketFile, await custody.tokens()) })
        let supervisor = TokenSupervisor(
            tokens: tokens, readBackEvery: .seconds(settings.tokens.readBackSeconds))
        let journal = TokenJournal(
            events: events, recorder: useCases.recorder,
            reportUnrecordedKeys: useCases.auditLog.reportUnrecordedKeys, scope: scope)
        let witnesses = witnesses
        let jobs = DaemonJobs(useCases: useCases, witnesses: witnesses, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: [
                journal, supervisor, server, PolicyReloader(service: service, signals: hangups),
                AuditReportMaker(makeAuditReports: useCases.publication.makeAuditReports),
                JobRunner(
                    scheduler: Scheduler(jobs.all, board: useCases.jobs, logger: logger),
                    checkpoints: useCases.auditLog.checkpoints, witnesses: witnesses),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        try await ServiceGroup(configuration: configuration).run()
        await useCases.publication.endStatusBatches.all()
        await record(.daemonStopped, [:], useCases.recorder)
        store.close()
        socketFile.remove()
        logger.info("stopped")
        _ = consume lock
    }

    /// The directory of published files beside the database. One that the configuration names must be there.
    private func makePublishedDirectory() throws {
        let revocation = settings.revocation
        guard revocation.isStandardDirectory, !FileManager.default.fileExists(atPath: revocation.directory)
        else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: revocation.directory, withIntermediateDirectories: false,
                attributes: [.posixPermissions: NSNumber(value: 0o700)])
        } catch {
            throw StartupError(
                "the directory `\(revocation.directory)` for CRLs cannot be made: \(error: error)",
                hint:
                    "see that this user can write the directory of the database, or set revocation.directory",
                status: .unavailable)
        }
    }

    private var naming: ARNNaming {
        ARNNaming(
            partition: settings.naming.partition, region: settings.naming.region,
            account: settings.naming.account)
    }

    private var scope: AuditScope { naming.scope }

    private func record(_ event: ServiceEvent, _ details: JSONObject, _ recorder: Recorder) async {
        await recorder.recordNowOrLater(.service(event, scope: scope, time: Date(), details: details))
    }

    private func useCaseSettings(_ logKey: LogIdentity.CeremonyKey?) -> UseCases.Settings {
        var chosen = UseCases.Settings(naming: naming, issuance: issuanceSettings)
        chosen.approvals = ApprovalTimes(
            lifetime: TimeInterval(settings.approvalHours * 3600),
            retention: TimeInterval(settings.approvalKeepDays * 86_400))
        chosen.log = settings.log.map { LogIdentity(origin: $0.origin, ceremonyKey: logKey) }
        chosen.auditReports = auditReports
        let revocation = settings.revocation
        chosen.revocation = RevocationSettings(
            url: revocation.url, buckets: revocation.buckets.mapValues(\.url), listDays: revocation.listDays,
            partitions: revocation.partitions,
            ocsp: OCSPSettings(
                url: revocation.ocsp.url, signer: revocation.ocsp.authoritySigns ? .authority : .responder,
                answerMinutes: revocation.ocsp.answerMinutes, responderDays: revocation.ocsp.responderDays,
                callsUnissuedRevoked: revocation.ocsp.callsUnissuedRevoked))
        chosen.certificateLists = CertificateListPlaces(
            files: PublishedDirectory(revocation.directory),
            buckets: revocation.buckets.mapValues { PublishedDirectory($0.directory) })
        return chosen
    }

    private var witnesses: [HTTPWitness] {
        settings.log?.witnesses.map { HTTPWitness(url: $0.url, key: $0.key) } ?? []
    }

    private var auditReports: AuditReports? {
        settings.auditReports.map {
            AuditReports(
                buckets: DirectoryBuckets($0.buckets),
                minimumInterval: TimeInterval($0.minimumIntervalMinutes * 60))
        }
    }

    private var issuanceSettings: IssuanceSettings {
        IssuanceSettings(
            catalog: TemplateCatalog(
                partition: settings.naming.partition, region: settings.naming.region,
                account: settings.naming.account, own: settings.issuance.templates),
            knownWeakKeys: settings.issuance.knownWeakKeys, backdate: settings.issuance.backdateSeconds,
            backdates: settings.issuance.backdates,
            longestNotBefore: settings.issuance.longestNotBeforeSeconds,
            longestNotBefores: settings.issuance.longestNotBefores)
    }

    /// SQLite's own message, which names no file.
    private func sentence(_ fault: StorageError) -> String {
        guard case .unavailable(let reason) = fault else { return "the record cannot be written" }
        return "the record cannot be written: \(reason)"
    }

    /// Every process that can connect may request it, so it has tokens, jobs and their states, but no reasons.
    private func readiness(_ tokens: [CustodyToken], _ jobs: [JobStatus]) -> APIServer.Readiness {
        let missing = tokens.filter { $0.status != .serving }
            .map { "\($0.name) \($0.status.rawValue)" }.joined(separator: ", ")
        if missing.isEmpty {
            // While a token is missing, jobs can fail because of it.
            let failing = jobs.filter { $0.state == .failing }.map { "\($0.name) FAILING" }
            return failing.isEmpty ? .ready : .degraded(failing.joined(separator: ", "))
        }
        return tokens.contains { $0.status == .serving } ? .degraded(missing) : .notReady(missing)
    }

    private func announce(_ socketFile: SocketFile, _ tokens: [CustodyToken]) {
        do {
            try socketFile.open()
            // One line on standard output, for the process that started the daemon.
            Output.line("signetd ready on \(settings.socket.path)\(Self.shortage(tokens))")
        } catch {
            socketFile.remove()
            Output.error(error.message, hint: error.hint)
            exit(error.status.rawValue)
        }
    }

    /// What a daemon says that serves and cannot sign.
    private static func shortage(_ tokens: [CustodyToken]) -> EscapedText {
        guard !tokens.contains(where: { $0.status == .serving }) else { return "" }
        let reasons = tokens.map { "\($0.name) \($0.status.rawValue)\($0.reason.map { ": \($0)" } ?? "")" }
        return ", without a token: \(reasons.joined(separator: "; "))"
    }

    private func openStore() throws(StartupError) -> SQLiteStore {
        try DatabasePlace(path: settings.databasePath).checkIsWhole()
        do { return try SQLiteStore(path: settings.databasePath) } catch {
            if case .corrupt(let what) = error {
                throw StartupError(
                    "the database `\(settings.databasePath)` is damaged, or was replaced beside a write-ahead log of another: \(what)",
                    hint:
                        "leave its files as they are; `signetd restore BACKUP` moves them aside together and puts a backup in their place",
                    status: .unavailable)
            }
            throw StartupError(
                "the database `\(settings.databasePath)` cannot be used: \(error)",
                hint:
                    "its directory must exist and belong to the daemon's user, and no other program may hold it",
                status: .unavailable)
        }
    }
}

extension DaemonSettings.Limits {
    fileprivate var connectionLimits: ConnectionLimits {
        ConnectionLimits(
            connections: connections, perUser: connectionsPerUser, unmapped: connectionsUnmapped,
            reserved: connectionsReserved,
            phases: PhaseLimits(idleSeconds: idleSeconds, handlingSeconds: handlingSeconds))
    }
}
