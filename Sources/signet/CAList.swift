internal import APIClient
internal import ArgumentParser
internal import VisibleText
internal import WireAPI

struct CAList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the certificate authorities there are.")

    @OptionGroup var connection: Connection

    @Flag(help: "Those that other accounts share with yours, in place of your own account's.")
    var shared = false

    func run() async throws {
        try await connection.run { client in
            let authorities = try await AuthorityName.authorities(client, ofOtherAccounts: shared)
            if connection.json {
                try connection.printJSON(
                    ListCertificateAuthoritiesOperation.Output(
                        certificateAuthorities: authorities, nextToken: nil))
            } else if authorities.isEmpty {
                Output.line(
                    shared
                        ? "No other account shares an authority with yours."
                        : "There are no certificate authorities yet; `signet ca create` makes one.")
            } else {
                let rows = authorities.map { authority in
                    let configuration = authority.certificateAuthorityConfiguration
                    return [
                        authority.status, authority.type, configuration.keyAlgorithm,
                        Report.date(authority.notAfter), SubjectText.text(configuration.subject).text,
                        authority.arn,
                    ]
                }
                Output.line(
                    EscapedText.table(["STATUS", "TYPE", "KEY", "VALID UNTIL", "SUBJECT", "ARN"], rows))
            }
        }
    }
}
