internal import ArgumentParser
internal import Ceremony
internal import CeremonyTranscript
internal import Foundation
internal import Identifiers
internal import StrictYAML
internal import TokenOffice
internal import TokenProtocol
internal import VisibleText

@main
struct SignetToken: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signet-token",
        abstract:
            "The security officer's tool, at the token: it loads the PKCS#11 module itself and asks no daemon.",
        version: productVersion,
        subcommands: [
            TokenList.self, TokenInit.self, TokenChangePIN.self, TokenKeys.self, TokenEvidence.self,
            TokenDoctor.self, CeremonyCommand.self,
        ])

    /// Runs the command like the library does, but escapes the messages of failures.
    /// On the main thread, because calls to a token and questions at a terminal block.
    @MainActor static func main() async {
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

/// Writes the error to standard error, and exits with 1.
func reporting<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw report(error) }
}

func reporting<Result>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch { throw report(error) }
}

private func report(_ error: any Error) -> any Error {
    let message: EscapedText
    var hint: EscapedText?
    switch error {
    case let failure as WorkerFailure: message = "\(failure.message)"
    case let faults as StrictYAMLError: message = faults.text
    case let error as CeremonyError:
        message = "\(error)"
        hint = error.hint.map { "\($0)" }
    case let error as TranscriptError: message = "\(error)"
    case let error as CocoaError: message = "\(error.localizedDescription)"
    default: return error
    }
    Output.error(message, hint: hint)
    return ExitCode.failure
}

func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    Output.json(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// A table with columns as wide as their widest cell. Cells are escaped here. The first row is the header.
func table(_ rows: [[String]]) -> EscapedText {
    .table((rows.first ?? []).map { EscapedText($0) }, Array(rows.dropFirst()))
}
