public import ArgumentParser
internal import Foundation
public import Logging
internal import Settings

@main
struct Signetd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signetd",
        abstract: "A private certificate authority whose keys live in a PKCS#11 token and never leave it.",
        discussion: """
            Serves the AWS Private CA API on a Unix socket. The kernel says who is asking; the policies in the \
            configuration say what for. SIGHUP reads the policies anew; SIGTERM finishes what is under way \
            and stops.
            """,
        version: version)

    static let version = "0.1.0"

    @Option(help: "The configuration file (YAML). HSMConfig/signetd.yaml is a commented example.")
    var config: String

    @Flag(help: "Read the configuration and its policies, say what is wrong with them, and stop.")
    var check = false

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .info

    func run() async throws {
        do {
            let settings: Settings
            do { settings = try Settings.load(path: config) } catch {
                throw StartupError(
                    "the configuration cannot be used:\n\(error)",
                    hint: "correct these lines; every key is explained in HSMConfig/signetd.yaml",
                    exitCode: 78)
            }
            if check {
                print("\(config): configuration and policies are valid")
                return
            }
            let level = logLevel
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = level
                return handler
            }
            try await Daemon(
                settings: settings, configurationPath: config, logger: Logger(label: "signetd")
            ).run()
        } catch let error as StartupError {
            FileHandle.standardError.write(Data("error: \(error.message)\nhint: \(error.hint)\n".utf8))
            throw ExitCode(error.exitCode)
        }
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
