internal import ArgumentParser
internal import Foundation
internal import TokenProtocol
internal import TokenWorker

@main
struct SignetToken: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signet-token",
        abstract:
            "The security officer's tool, at the token: it loads the PKCS#11 module itself and asks no daemon.",
        version: "0.1.0",
        subcommands: [TokenList.self, TokenKeys.self, TokenEvidence.self])
}

/// Which module.
struct ModuleOption: ParsableArguments {
    @Option(help: "The PKCS#11 module, such as /usr/lib/softhsm/libsofthsm2.so.")
    var module: String

    @Flag(help: "Print JSON.")
    var json = false
}

/// Which token, and the PIN that opens it.
struct TokenOptions: ParsableArguments {
    @OptionGroup var module: ModuleOption

    @Option(help: "The token's PKCS#11 URI (RFC 7512), such as `pkcs11:token=issuing`.")
    var token: String

    @Option(help: "The file with the user PIN; nobody else may be able to read it.")
    var pinFile: String

    var opening: WorkerRequest.Opening {
        .init(modulePath: module.module, tokenURI: token, pinFile: pinFile, sessions: 1)
    }
}

/// Says what went wrong on standard error, and leaves with 1.
func reporting<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let failure as WorkerFailure {
        FileHandle.standardError.write(Data("error: \(failure.message)\n".utf8))
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
