internal import APIClient
internal import ArgumentParser
internal import VisibleText
internal import WireAPI

struct CACertificate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate", abstract: "Print the certificate of a certificate authority.")

    @OptionGroup var connection: Connection

    @OptionGroup var authority: AuthorityArgument

    @Flag(help: "Print the chain up to the root after it.")
    var chain = false

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            let output = try await client.call(
                GetCertificateAuthorityCertificateOperation.self, .init(certificateAuthorityArn: arn))
            if connection.json { return try connection.printJSON(output) }
            Output.document(output.certificate)
            if chain, let rest = output.certificateChain { Output.document(rest) }
        }
    }
}
