internal import APIClient
public import ArgumentParser
internal import Distribution
internal import Foundation
internal import Identifiers
public import LogLines
public import Logging
internal import ServiceLifecycle
internal import UnixSignals
internal import VisibleText

@main
struct Responder: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signet-responder",
        abstract: "Serves CRLs, OCSP responses and certificates of authorities to relying parties.",
        discussion: """
            Reads the directory that signetd publishes, and asks signetd for the OCSP responses that it does not \
            have. It has no policy, no database and no token. Serves HTTP: what it serves is signed.

            /crl/ID.crl and /ca/ID.cer are the CRL and the certificate of an authority; OCSP is at / and /ocsp, by \
            GET and POST; /health/live, /health/ready and /metrics are for operators. SIGTERM finishes the \
            requests in progress and stops.
            """,
        version: productVersion)

    @Option(
        help: ArgumentHelp(
            "The address and port to listen on; port 0 is any free one. A socket of systemd goes before it.",
            valueName: "host:port"))
    var listen = "127.0.0.1:8080"

    @Option(
        help: ArgumentHelp(
            "The directory that the daemon publishes: revocation.directory of its configuration.",
            valueName: "path"))
    var directory: String

    @Option(
        help: ArgumentHelp(
            "The daemon's socket; the environment variable SIGNET_SOCKET says it too.", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("Connections at once.", valueName: "number"))
    var connections = 4096

    @Option(
        help: ArgumentHelp(
            "Connections at once of one source: an IPv4 address, or an IPv6 network of 64 bits.",
            valueName: "number"))
    var connectionsPerSource = 256

    @Option(
        help: ArgumentHelp(
            "Requests a second of one source that may ask the daemon: those with a nonce, and those for certificates that nothing asked about lately; 0 is any number.",
            valueName: "number"))
    var livePerSecond = 500

    @Option(help: ArgumentHelp("Mebibytes of OCSP responses that are kept.", valueName: "number"))
    var cache = 256

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .info

    @Option(
        help:
            "text, journal or json; by default journal when standard error is systemd's journal, and text otherwise."
    )
    var logFormat: LogFormat?

    func validate() throws {
        guard (1...1_000_000).contains(connections), (1...1_000_000).contains(connectionsPerSource) else {
            throw ValidationError("--connections and --connections-per-source must be from 1 to 1000000.")
        }
        guard (0...1_000_000).contains(livePerSecond) else {
            throw ValidationError("--live-per-second must be from 0 to 1000000.")
        }
        guard (1...65_536).contains(cache) else { throw ValidationError("--cache must be from 1 to 65536.") }
        guard ListenAddress(listen) != nil else {
            throw ValidationError("--listen must be HOST:PORT, such as 127.0.0.1:8080 or [::]:80.")
        }
    }

    func run() async throws {
        let (level, format) = (logLevel, logFormat ?? .ofStandardError)
        LoggingSystem.bootstrap { label in
            var handler = LineLogHandler(label: label, format: format)
            handler.logLevel = level
            return handler
        }
        // Only a directory has contents.
        guard (try? FileManager.default.contentsOfDirectory(atPath: directory)) != nil else {
            Output.error(
                "the directory `\(directory)` cannot be read",
                hint:
                    "name the directory that the daemon publishes, and make it readable for this user: revocation.directory"
            )
            throw ExitCode(78)
        }
        guard let address = try systemdAddress() ?? ListenAddress(listen)?.address else { return }
        let path = socket ?? ProcessInfo.processInfo.environment["SIGNET_SOCKET"] ?? "/run/signet/signet.sock"
        let logger = Logger(label: "signet-responder")
        let client = SignetClient(socketPath: path, timeoutSeconds: 20)
        let server = DistributionServer(
            address, directory: directory, source: DaemonStatus(client: client, logger: logger),
            limits: DistributionLimits(
                connections: connections, connectionsPerSource: connectionsPerSource,
                livePerSecond: livePerSecond, cacheOctets: cache * 1024 * 1024),
            logger: logger,
            onServing: { address in Output.line("signet-responder ready on \(address)") })
        var configuration = ServiceGroupConfiguration(
            services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        do { try await ServiceGroup(configuration: configuration).run() } catch {
            Output.error(
                "the responder cannot go on: \(error: error)",
                hint: "see that no other process listens on \(listen), and that this user may")
            try? await client.shutdown()
            throw ExitCode(69)
        }
        try? await client.shutdown()
    }

    /// The socket of sd_listen_fds(3); nil without one.
    private func systemdAddress() throws -> DistributionServer.Address? {
        let environment = ProcessInfo.processInfo.environment
        guard environment["LISTEN_PID"] == "\(ProcessInfo.processInfo.processIdentifier)",
            let count = environment["LISTEN_FDS"].flatMap({ Int($0) }), count > 0
        else { return nil }
        guard count == 1 else {
            Output.error(
                "systemd gave \(count) sockets", hint: "give the unit of the socket one ListenStream")
            throw ExitCode(78)
        }
        // The first descriptor after standard error (sd-daemon.h, SD_LISTEN_FDS_START).
        return .descriptor(3)
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}
