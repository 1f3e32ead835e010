internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import VisibleText
internal import WireAPI

struct CAImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Give a certificate authority the certificate that was signed for it.")

    @OptionGroup var connection: Connection

    @OptionGroup var authority: AuthorityArgument

    @Option(help: "A PEM file with its certificate.")
    var certificate: String

    @Option(help: "A PEM file with the chain up to the root, for a subordinate.")
    var chain: String?

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            let output = try await client.call(
                ImportCertificateAuthorityCertificateOperation.self,
                .init(
                    certificateAuthorityArn: arn,
                    certificate: Blob(try InputFile.read(certificate)),
                    certificateChain: try chain.map { Blob(try InputFile.read($0)) }))
            if connection.json { try connection.printJSON(output) } else { Output.line("imported: \(arn)") }
        }
    }
}
