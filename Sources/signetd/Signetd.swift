public import ArgumentParser
internal import Foundation
internal import Identifiers
public import Logging
internal import Settings
internal import StrictYAML
internal import Tokens
internal import VisibleText

@main
struct Signetd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signetd",
        abstract: "A private certificate authority whose keys live in a PKCS#11 token and never leave it.",
        discussion: """
            Serves the AWS Private CA API on a Unix socket. The kernel says who is asking; the policies in the \
            configuration say what for. SIGHUP reloads the policies; SIGTERM finishes what is under way \
            and stops.
            """,
        version: productVersion)

    @Option(help: "The configuration file (YAML). HSMConfig/signetd.yaml is a commented example.")
    var config: String

    @Flag(help: "Read the configuration and its policies, say what is wrong with them, and stop.")
    var check = false

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .info

    /// As the library runs a command, but for failures: what it would print as it is, is escaped here.
    static func main() async {
        do {
            let command = try parse()
            try await command.run()
        } catch {
            // Success is help, the version or a completion script.
            if exitCode(for: error).isSuccess || error is ExitCode { exit(withError: error) }
            Output.note(EscapedText(fullMessage(for: error), layout: .document))
            exit(withError: exitCode(for: error))
        }
    }

    func run() async throws {
        do {
            // Before anything is read or started: a worker, or another process of this user, can neither read this one nor
            // write into it, and no core of it is left.
            guard closeThisProcess() else {
                throw StartupError(
                    "the kernel does not keep this process from being traced",
                    hint: "let the security module allow prctl(2) with PR_SET_DUMPABLE",
                    status: .operatingSystem)
            }
            let settings: DaemonSettings
            do { settings = try DaemonSettings.load(path: config) } catch {
                throw StartupError(
                    "the configuration cannot be used:\n\(error.text)",
                    hint: "correct these lines; every key is explained in HSMConfig/signetd.yaml",
                    status: .configuration)
            }
            if check {
                Output.line("\(config): configuration and policies are valid")
                return
            }
            let level = logLevel
            LoggingSystem.bootstrap { label in
                var handler = VisibleLogHandler(StreamLogHandler.standardError(label: label))
                handler.logLevel = level
                return handler
            }
            try await Daemon(
                settings: settings, configurationPath: config, logger: Logger(label: "signetd")
            ).run()
        } catch let error as StartupError {
            Output.error(error.message, hint: error.hint)
            throw ExitCode(error.status.rawValue)
        }
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
