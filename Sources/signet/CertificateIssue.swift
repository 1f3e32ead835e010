internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import WireAPI

struct CertificateIssue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Have a certificate issued for a certificate signing request.",
        discussion: "Prints the certificate; its ARN goes to standard error.")

    @OptionGroup var connection: Connection

    @Option(help: "The ARN of the certificate authority that issues.")
    var ca: String

    @Option(help: "A PEM file with the certificate signing request; `-` reads standard input.")
    var csr: String

    @Option(help: "A template's name or ARN.")
    var template = "EndEntityCertificate/V1"

    @Option(help: "How many days it is valid.")
    var days: Int64?

    @Option(help: "The moment it ends, as YYYYMMDDHHMMSS in UTC.")
    var endDate: Int64?

    @Option(help: "By default what the authority signs its own requests with.")
    var signingAlgorithm: String?

    @Option(help: "With the same token the same request gets the same certificate, for five minutes.")
    var idempotencyToken: String?

    @Flag(help: "Print the chain up to the root after the certificate.")
    var chain = false

    func validate() throws {
        guard (days == nil) != (endDate == nil) else {
            throw ValidationError("Give either --days or --end-date.")
        }
    }

    func run() async throws {
        try await connection.run { client in
            let request =
                csr == "-"
                ? FileHandle.standardInput.readDataToEndOfFile()
                : try Data(contentsOf: URL(fileURLWithPath: csr))
            let activation = Activation(client: client) { _ in }
            let signing: String
            if let signingAlgorithm {
                signing = signingAlgorithm
            } else {
                signing = try await activation.signingAlgorithm(of: ca)
            }
            var input = IssueCertificateOperation.Input(
                certificateAuthorityArn: ca, csr: Blob(request), signingAlgorithm: signing,
                templateArn: try TemplateName.arn(template, like: ca),
                validity: days.map { .init(value: $0, type: "DAYS") }
                    ?? .init(value: endDate ?? 0, type: "END_DATE"))
            input.idempotencyToken = idempotencyToken
            let issued = try await client.call(IssueCertificateOperation.self, input)
            if connection.json { return try connection.printJSON(issued) }
            FileHandle.standardError.write(Data("issued: \(issued.certificateArn)\n".utf8))
            let output = try await client.call(
                GetCertificateOperation.self,
                .init(certificateAuthorityArn: ca, certificateArn: issued.certificateArn))
            print(output.certificate)
            if chain, let rest = output.certificateChain { print(rest) }
        }
    }
}
