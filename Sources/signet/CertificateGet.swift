internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import VisibleText
internal import WireAPI

struct CertificateGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print an issued certificate.")

    @OptionGroup var connection: Connection

    @Argument(help: "The ARN of the certificate, or its serial number, which is looked up in the log.")
    var certificate: String

    @Flag(help: "Print the chain up to the root after it.")
    var chain = false

    func run() async throws {
        try await connection.run { client in
            let arn = try await CertificateName.arn(certificate, client)
            let output = try await client.call(
                GetCertificateOperation.self,
                .init(
                    certificateAuthorityArn: CertificateName.authority(ofCertificate: arn),
                    certificateArn: arn))
            if connection.json { return try connection.printJSON(output) }
            Output.document(output.certificate)
            if chain, let rest = output.certificateChain { Output.document(rest) }
        }
    }
}
