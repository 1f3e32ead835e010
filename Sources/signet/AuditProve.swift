internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import TransparencyLog
internal import VisibleText
internal import WireAPI

struct AuditProve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Fetch the proof that an event is in the log.",
        discussion: """
            Writes FILE.event, the event to the octet, and FILE.proof, a C2SP tlog-proof with the place of the event, the \
            hashes up to the root, and the signed checkpoint. `verify-proof` checks them offline. A requestID names the \
            event of that request.

            signet audit prove 019ab3c2-5d1e-7c40-9a6b-2f6f0f3b8c11 --output denial
            """)

    @OptionGroup var connection: Connection
    @Argument(
        help:
            "An index, an eventID, the requestID of an answer, or the ARN or serial number of a certificate.")
    var event: String
    @OptionGroup var output: ProofOutput

    func run() async throws {
        try await connection.run { client in
            let proven =
                switch try await EventName.reference(event, .daemon(client)) {
                case .index(let index):
                    try await client.call(GetEventProofOperation.self, .init(id: nil, index: index))
                case .id(let id):
                    try await client.call(GetEventProofOperation.self, .init(id: id, index: nil))
                }
            try output.give(proven, connection)
        }
    }
}

struct AuditReceipt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Fetch the proof that a certificate's issuance is in the log.",
        discussion: "What `prove` writes, for the event with the certificate's outcome.")

    @OptionGroup var connection: Connection
    @Argument(help: "The ARN or the serial number of the certificate.") var certificate: String
    @OptionGroup var output: ProofOutput

    func run() async throws {
        try await connection.run { client in
            let arn = try await CertificateName.arn(certificate, client)
            let proven = try await client.call(
                GetIssuanceReceiptOperation.self,
                .init(
                    certificateAuthorityArn: CertificateName.authority(ofCertificate: arn),
                    certificateArn: arn))
            try output.give(proven, connection)
        }
    }
}

/// The files for a proof.
struct ProofOutput: ParsableArguments {
    @Option(
        name: [.customLong("output"), .customLong("out")],
        help: ArgumentHelp(
            "Write FILE.event and FILE.proof; without it the proof alone is printed.", valueName: "file"))
    var file: String?

    func give(_ proven: ProvenEventShape, _ connection: Connection) throws {
        let hashes = proven.proof.compactMap { TreeHash($0.bytes) }
        guard hashes.count == proven.proof.count, let note = try? SignedNote(encoded: proven.checkpoint)
        else {
            throw CommandFailure(message: "the daemon's proof cannot be read", hint: nil)
        }
        let proof = LogProof(index: proven.index, proof: hashes, checkpoint: note)
        if let file {
            try Data(proven.event.bytes).write(to: URL(fileURLWithPath: file + ".event"))
            try Data(proof.encoded.utf8).write(to: URL(fileURLWithPath: file + ".proof"))
        }
        if connection.json {
            try connection.printJSON(proven)
        } else if let file {
            Output.line("event \(proven.index): \(file).event, \(file).proof")
        } else {
            Output.write(EscapedText(proof.encoded, layout: .document))
        }
    }
}

struct AuditVerifyProof: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-proof", abstract: "Check a proof or a receipt, offline.",
        discussion: """
            Says in words what is proved. With --certificate the receipt must be of the certificate in that file.

            signet audit verify-proof denial --key log.key
            signet audit verify-proof web --key log.key --certificate web.pem
            """, aliases: ["verify-receipt"])

    @Argument(help: "FILE, for FILE.event and FILE.proof.") var file: String
    @OptionGroup var key: LogKeyOption
    @Option(help: ArgumentHelp("The certificate that the receipt must be of.", valueName: "file"))
    var certificate: String?

    func run() async throws {
        do {
            let event = Array(try InputFile.read(file + ".event"))
            let text = try InputFile.text(file + ".proof")
            let proof: LogProof
            do { proof = try LogProof(encoded: text) } catch {
                throw CommandFailure(message: "`\(file).proof` cannot be read: \(error.reason)", hint: nil)
            }
            if let fault = proof.fault(event: event, verifier: try key.verifier()) {
                throw CommandFailure(message: "\(fault)", hint: "it proves nothing")
            }
            let proven = try ProvenEvent(event, proof)
            if let certificate {
                guard let der = try CertificateFile.read(certificate).first else {
                    throw CommandFailure(
                        message: "`\(certificate)` holds no certificate", hint: nil, status: .usage)
                }
                if let fault = proven.difference(from: der) {
                    throw CommandFailure(
                        message:
                            "the receipt `\(file)` is not of the certificate in `\(certificate)`: \(fault)",
                        hint: "give the certificate alone, or the receipt of this one")
                }
            }
            Output.line(proven.text)
        } catch { throw Failure.exit(for: error) }
    }
}
