internal import APIClient
internal import ArgumentParser
internal import PKIX
internal import VisibleText
internal import WireAPI

struct CertificateImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take certificates that an authority signed elsewhere.",
        discussion: """
            Such as before its key came to this daemon. They can then be revoked, and OCSP knows them. A certificate that \
            the daemon has already is passed over.
            """)

    @OptionGroup var connection: Connection

    @Option(help: "The authority: its ARN, its id, its commonName, or `tag:KEY=VALUE`.") var ca: String
    @Argument(help: "Files with certificates, in PEM or one in DER each; `-` is standard input.")
    var files: [String]

    func run() async throws {
        try await connection.run { client in
            let arn = try await AuthorityName.arn(ca, client)
            let certificates = try files.flatMap { try CertificateFile.read($0) }
            var imported: [String] = []
            for (index, der) in certificates.enumerated() {
                let pem = PEM.encode(der, label: "CERTIFICATE")
                do throws(APIClientError) {
                    let output = try await client.call(
                        ImportIssuedCertificateOperation.self,
                        .init(certificateAuthorityArn: arn, certificate: Blob(Array(pem.utf8))))
                    imported.append(output.certificateArn)
                    if !connection.json { Output.line("imported: \(output.certificateArn)") }
                } catch {
                    guard case .service("RequestAlreadyProcessedException", _, _) = error else {
                        Output.note("certificate \("\(index + 1)") of \("\(certificates.count)"):")
                        throw error
                    }
                    if !connection.json { Output.line("there already: certificate \("\(index + 1)")") }
                }
                if certificates.count > 50, (index + 1) % 50 == 0 {
                    Output.note("\("\(index + 1)") of \("\(certificates.count)")")
                }
            }
            if connection.json { try connection.printJSON(ImportReport(imported: imported)) }
        }
    }
}

private struct ImportReport: Encodable {
    let imported: [String]
}
