internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import TransparencyLog
internal import WireAPI

struct AuditReceipt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Fetch the proof that a certificate's issuance is in the log.",
        discussion: """
            Writes FILE.event, the event with the certificate's outcome, and FILE.proof, a C2SP tlog-proof with the place \
            of the event, the hashes up to the root, and the signed checkpoint. `verify-receipt` checks them offline.
            """)

    @OptionGroup var connection: Connection
    @Argument(help: "The ARN of the certificate.") var arn: String
    @Option(help: "The files are written to FILE.event and FILE.proof.") var out: String?

    func run() async throws {
        try await connection.run { client in
            guard let end = arn.range(of: "/certificate/") else {
                throw UsageFailure(message: "`\(arn)` is not the ARN of a certificate", hint: nil)
            }
            let output = try await client.call(
                GetIssuanceReceiptOperation.self,
                .init(certificateAuthorityArn: String(arn[..<end.lowerBound]), certificateArn: arn))
            if connection.json { try connection.printJSON(output) }
            let hashes = output.proof.compactMap { TreeHash($0.bytes) }
            guard hashes.count == output.proof.count, let note = try? SignedNote(encoded: output.checkpoint)
            else {
                throw UsageFailure(message: "the daemon's receipt cannot be read", hint: nil)
            }
            let proof = LogProof(index: output.index, proof: hashes, checkpoint: note)
            guard let out else {
                if !connection.json { print(proof.encoded, terminator: "") }
                return
            }
            try Data(output.event.bytes).write(to: URL(fileURLWithPath: out + ".event"))
            try Data(proof.encoded.utf8).write(to: URL(fileURLWithPath: out + ".proof"))
            if !connection.json { print("event \(output.index): \(out).event, \(out).proof") }
        }
    }
}

struct AuditVerifyReceipt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-receipt", abstract: "Check a receipt, offline.")

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
                throw UsageFailure(message: fault, hint: "the receipt proves nothing")
            }
            print("event \(proof.index) is in the log")
        } catch { throw Failure.exit(for: error) }
    }
}
