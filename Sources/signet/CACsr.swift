internal import APIClient
internal import ArgumentParser
internal import VisibleText
internal import WireAPI

struct CACsr: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "csr", abstract: "Print the certificate signing request of a certificate authority.")

    @OptionGroup var connection: Connection

    @OptionGroup var authority: AuthorityArgument

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            let output = try await client.call(
                GetCertificateAuthorityCsrOperation.self, .init(certificateAuthorityArn: arn))
            if connection.json { try connection.printJSON(output) } else { Output.document(output.csr) }
        }
    }
}
