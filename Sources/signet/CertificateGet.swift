internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import VisibleText
internal import WireAPI

struct CertificateGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print an issued certificate.")

    @OptionGroup var connection: Connection

    @Argument(help: "The ARN of the certificate.")
    var arn: String

    @Flag(help: "Print the chain up to the root after it.")
    var chain = false

    func run() async throws {
        try await connection.run { client in
            guard let end = arn.range(of: "/certificate/") else {
                throw UsageFailure(
                    message: "`\(arn)` is not the ARN of a certificate",
                    hint: "`signet certificate issue` prints the ARN of what it issued")
            }
            let output = try await client.call(
                GetCertificateOperation.self,
                .init(certificateAuthorityArn: String(arn[..<end.lowerBound]), certificateArn: arn))
            if connection.json { return try connection.printJSON(output) }
            Output.document(output.certificate)
            if chain, let rest = output.certificateChain { Output.document(rest) }
        }
    }
}
