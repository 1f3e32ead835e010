internal import ArgumentParser
internal import Ceremony
internal import CeremonyRecord
internal import Foundation
internal import StrictYAML
internal import TokenProtocol
internal import TokenWorker

@main
struct SignetToken: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signet-token",
        abstract:
            "The security officer's tool, at the token: it loads the PKCS#11 module itself and asks no daemon.",
        version: "0.1.0",
        subcommands: [
            TokenList.self, TokenInit.self, TokenChangePIN.self, TokenKeys.self, TokenEvidence.self,
            TokenDoctor.self, CeremonyCommand.self,
        ])
}

/// Says what went wrong on standard error, and leaves with 1.
func reporting<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch {
        let message: String
        switch error {
        case let failure as WorkerFailure: message = failure.message
        case let faults as StrictYAMLError: message = faults.description
        case let error as CeremonyError: message = error.description
        case let error as TranscriptError: message = error.description
        case let error as CocoaError: message = error.localizedDescription
        default: throw error
        }
        FileHandle.standardError.write(Data("error: \(message)\n".utf8))
        throw ExitCode.failure
    }
}

func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Columns as wide as their widest cell.
func table(_ rows: [[String]]) -> String {
    let columns = rows.first?.indices ?? 0..<0
    let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
        columns.map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) }
            .joined(separator: "  ").replacing(#/ +$/#, with: "")
    }.joined(separator: "\n")
}
