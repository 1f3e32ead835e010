internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import VisibleText
internal import WireAPI

struct CAAdopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract:
            "Make a certificate authority of a key on a token and its certificate, as they come out of a ceremony."
    )

    @OptionGroup var connection: Connection

    @Option(help: "A PEM file with its certificate.")
    var certificate: String

    @Option(help: "A PEM file with the chain up to the root, for a subordinate.")
    var chain: String?

    @Option(help: "The key's CKA_ID in hexadecimal, as the ceremony file has it.")
    var keyIdentifier: String

    func run() async throws {
        try await connection.run { client in
            let output = try await client.call(
                AdoptCertificateAuthorityOperation.self,
                .init(
                    keyIdentifier: keyIdentifier,
                    certificate: Blob(try InputFile.read(certificate)),
                    certificateChain: try chain.map { Blob(try InputFile.read($0)) }))
            if connection.json {
                try connection.printJSON(output)
            } else {
                Output.line("\(output.certificateAuthorityArn)")
            }
        }
    }
}
