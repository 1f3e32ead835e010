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
    @Argument(help: "An eventID, the requestID of an answer, or an index.") var event: String
    @OptionGroup var output: ProofOutput

    func run() async throws {
        try await connection.run { client in
            let index = event.wholeMatch(of: /[0-9]{1,19}/) == nil ? nil : UInt64(event)
            guard index != nil || UUID(uuidString: event) != nil else {
                throw UsageFailure(
                    message: "`\(event)` is no eventID, requestID or index of an event",
                    hint: "`signet audit list` shows the index of each event, and --json its eventID")
            }
            let proven = try await client.call(
                GetEventProofOperation.self, .init(id: index == nil ? event : nil, index: index))
            try output.give(proven, connection)
        }
    }
}

struct AuditReceipt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Fetch the proof that a certificate's issuance is in the log.",
        discussion: "What `prove` writes, for the event with the certificate's outcome.")

    @OptionGroup var connection: Connection
    @Argument(help: "The ARN of the certificate.") var arn: String
    @OptionGroup var output: ProofOutput

    func run() async throws {
        try await connection.run { client in
            guard let end = arn.range(of: "/certificate/") else {
                throw UsageFailure(message: "`\(arn)` is not the ARN of a certificate", hint: nil)
            }
            let proven = try await client.call(
                GetIssuanceReceiptOperation.self,
                .init(certificateAuthorityArn: String(arn[..<end.lowerBound]), certificateArn: arn))
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
            throw UsageFailure(message: "the daemon's proof cannot be read", hint: nil)
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
            signet audit verify-proof denial --key log.key
            """, aliases: ["verify-receipt"])

    @Argument(help: "FILE, for FILE.event and FILE.proof.") var file: String
    @OptionGroup var key: LogKeyOption

    func run() async throws {
        do {
            let event = Array(try Data(contentsOf: URL(fileURLWithPath: file + ".event")))
            let text = String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: file + ".proof")), as: UTF8.self)
            let proof: LogProof
            do { proof = try LogProof(encoded: text) } catch {
                throw UsageFailure(message: "`\(file).proof` cannot be read: \(error.reason)", hint: nil)
            }
            if let fault = proof.fault(event: event, verifier: try key.verifier()) {
                throw UsageFailure(message: "\(fault)", hint: "it proves nothing")
            }
            Output.line("event \(proof.index) is in the log")
        } catch { throw Failure.exit(for: error) }
    }
}
