public import ArgumentParser
internal import Foundation
public import Logging
internal import Settings
internal import Tokens
internal import VisibleText

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the API.")

    @OptionGroup var configuration: ConfigurationOption

    @Flag(help: "Read the configuration and its policies, say what is wrong with them, and stop.")
    var check = false

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .info

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
            let settings = try configuration.settings()
            if check {
                Output.line("\(configuration.config): configuration and policies are valid")
                return
            }
            let level = logLevel
            LoggingSystem.bootstrap { label in
                var handler = VisibleLogHandler(StreamLogHandler.standardError(label: label))
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
