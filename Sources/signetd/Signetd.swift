internal import ArgumentParser
internal import Foundation
internal import Identifiers
internal import Settings
internal import StrictYAML
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
        version: productVersion, subcommands: [Serve.self, Backup.self, Restore.self],
        defaultSubcommand: Serve.self)

    /// Runs the command like the library does, but escapes the messages of failures.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            // The library also throws for help, the version and completion scripts, which are successes.
            if exitCode(for: error).isSuccess || error is ExitCode { exit(withError: error) }
            Output.note(EscapedText(fullMessage(for: error), layout: .document))
            exit(withError: exitCode(for: error))
        }
    }
}

/// The configuration that each command reads.
struct ConfigurationOption: ParsableArguments {
    @Option(help: "The configuration file (YAML). HSMConfig/signetd.yaml is a commented example.")
    var config: String

    func settings(for purpose: DaemonSettings.Purpose = .serving) throws(StartupError) -> DaemonSettings {
        do { return try DaemonSettings.load(path: config, for: purpose) } catch {
            throw StartupError(
                "the configuration cannot be used:\n\(error.text)",
                hint: "correct these lines; every key is explained in HSMConfig/signetd.yaml",
                status: .configuration)
        }
    }
}

/// Runs a command and shows why it does not start or cannot go on.
func reporting(_ body: () async throws -> Void) async throws {
    do {
        try await body()
        if let loss = Output.outputLoss {
            throw StartupError(
                "the output cannot be written: \(loss)",
                hint: "what was asked for has been done; see where the output goes",
                status: .internalError)
        }
    } catch let error as StartupError {
        Output.error(error.message, hint: error.hint)
        throw ExitCode(error.status.rawValue)
    } catch let error as ExitCode {
        throw error
    } catch {
        Output.error("\(error: error)")
        throw ExitCode(ExitStatus.internalError.rawValue)
    }
}
