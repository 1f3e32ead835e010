internal import APIClient
internal import ArgumentParser
internal import VisibleText
internal import WireAPI

struct CADescribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Show one certificate authority.")

    @OptionGroup var connection: Connection

    @OptionGroup var authority: AuthorityArgument

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            let output = try await client.call(
                DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: arn))
            if connection.json {
                try connection.printJSON(output)
            } else {
                let revocation = try await client.call(
                    DescribeRevocationOperation.self, .init(certificateAuthorityArn: arn))
                Output.line(
                    "\(Report.authority(output.certificateAuthority))\n\(Report.revocation(revocation))")
            }
        }
    }
}
