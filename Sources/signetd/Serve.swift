public import ArgumentParser
internal import Foundation
internal import LogLines
public import Logging
internal import Settings
internal import Tokens
internal import VisibleText

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the API.")

    @OptionGroup var configuration: ConfigurationOption

    @Flag(
        help:
            "Say what is wrong with the configuration and its policies, and what the daemon would refuse at its start, and stop."
    )
    var check = false

    @Option(
        help:
            "With --check as root: check as this user; by default as the owner of the database's directory.")
    var user: String?

    func validate() throws {
        guard user == nil || check else { throw ValidationError("--user needs --check.") }
    }

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .info

    @Option(
        help:
            "text, journal or json; by default journal when standard error is systemd's journal, and text otherwise."
    )
    var logFormat: LogFormat?

    private func checkStart() throws(StartupError) {
        let name = try DaemonUser.become(user, configuration: configuration.config)
        let faults = StartCheck(settings: try configuration.settings()).faults()
        guard faults.isEmpty else {
            throw StartupError(
                "the configuration and policies are valid, but the daemon would not start as the user `\(name)`:\n\(faults.joined(separator: "\n"))",
                hint: "mend these, and check again", status: .configuration)
        }
        Output.line(
            "\(configuration.config): configuration and policies are valid, and the user `\(name)` can start the daemon"
        )
    }

    func run() async throws {
        try await reporting {
            // First of all, so that no worker or other process of this user can read or write this process's
            // memory, and it leaves no core dump.
            guard forbidTracing() else {
                throw StartupError(
                    "the kernel does not keep this process from being traced",
                    hint: "let the security module allow prctl(2) with PR_SET_DUMPABLE",
                    status: .operatingSystem)
            }
            if check { return try checkStart() }
            let settings = try configuration.settings()
            let (level, format) = (logLevel, logFormat ?? .ofStandardError)
            LoggingSystem.bootstrap { label in
                var handler = LineLogHandler(label: label, format: format)
                handler.logLevel = level
                return handler
            }
            try await Daemon(
                settings: settings, configurationPath: configuration.config,
                logger: Logger(label: "signetd")
            ).run()
        }
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}
