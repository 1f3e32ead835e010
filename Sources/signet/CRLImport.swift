internal import APIClient
internal import ArgumentParser
internal import PKIX
internal import VisibleText
internal import WireAPI

struct CRLImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take the CRL of an authority above one of this daemon's.",
        discussion: """
            Such as the CRL of an offline root, or of another operator's authority. It is verified with the chain of --ca, \
            and must not be older than the one that is there. `crl bundle` has it from then on, the responder serves it, and \
            the daemon warns when it nears its end.
            """)

    @OptionGroup var connection: Connection

    @Option(help: "An authority below the issuer: its ARN, its id, its commonName, or `tag:KEY=VALUE`.")
    var ca: String
    @Argument(help: "A file with the CRL, in PEM or DER; `-` is standard input; or an `http://` URL of one.")
    var file: String

    func run() async throws {
        try await connection.run { client in
            let arn = try await AuthorityName.arn(ca, client)
            let list = try await CRLFile.read(from: file)
            let output = try await client.call(
                ImportCertificateRevocationListOperation.self,
                .init(certificateAuthorityArn: arn, certificateRevocationList: Blob(list.derBytes)))
            if connection.json { return try connection.printJSON(output) }
            Output.line(
                "imported: the CRL of `\(output.issuer)`, until \(Report.date(output.nextUpdate)), as crl/\(output.id).crl"
            )
        }
    }
}
