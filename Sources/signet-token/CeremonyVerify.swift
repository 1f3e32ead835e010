internal import ArgumentParser
internal import Ceremony
internal import CeremonyTranscript
internal import Crypto
internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX
internal import TokenProtocol
internal import VisibleText
internal import X509

struct CeremonyVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a transcript, without any token: the chain of its lines, and every signature.",
        discussion: "Leaves with 0 only when all of it holds. A rehearsal's transcript does not.")

    @Argument(help: "The transcript (JSON lines).") var transcript: String

    @Option(
        help: "The ceremony file it must be of; then every officer with a public key there must have signed.")
    var ceremony: String?

    @Option(help: "The certificate, request, CRL or verifier key it must have produced.") var result: String?

    @Flag(help: "Print JSON.") var json = false

    private struct Report: Encodable {
        let title: String
        let ceremonyFileSHA256: String
        let keyIdentifier: String
        let isKeyGenerated: Bool
        let signedBy: [String]
        let steps: Int
        let transcriptSHA256: String
    }

    func run() throws {
        try reporting {
            let record = try CeremonyRecord.read(transcript)
            if let ceremony { try hold(record, against: try CeremonyFile.load(path: ceremony, at: nil)) }
            if let result { try hold(record, againstResult: result) }
            let report = Report(
                title: record.title, ceremonyFileSHA256: record.ceremonyFileDigest,
                keyIdentifier: record.keyIdentifier, isKeyGenerated: record.isKeyGenerated,
                signedBy: ["key \(record.keyIdentifier)"] + record.officers.map(\.name),
                steps: record.entries.count, transcriptSHA256: record.digest)
            if json { return try printJSON(report) }
            for entry in record.entries { Output.line(CeremonyText.line(entry)) }
            Output.line(
                "\nThe transcript holds: \(record.entries.count) lines in one chain, signed by \(report.signedBy.joined(separator: ", "))."
            )
            Output.line("Its SHA-256 is \(record.digest).")
            if let digest = record.digestAtTerminal {
                Output.line("Without the signatures that were added later, it is \(digest).")
            }
        }
    }

    private func hold(_ record: CeremonyRecord, against file: CeremonyFile) throws {
        try record.require(file)
        if let missing = record.missingOfficers(of: file).first {
            throw WorkerFailure(
                .evidence, "\(missing.name) did not sign the transcript with the key of the ceremony file")
        }
    }

    private func hold(_ record: CeremonyRecord, againstResult path: String) throws {
        guard let file = FileManager.default.contents(atPath: path) else {
            throw WorkerFailure(.configuration, "`\(path)` cannot be read")
        }
        let digest = hexadecimal(
            Array(SHA256.hash(data: record.logOrigin == nil ? try Self.der(file, path) : Array(file))))
        guard
            record.entries.contains(where: {
                $0.step == .written && $0.details["sha256"]?.stringValue == digest
            })
        else { throw WorkerFailure(.evidence, "`\(path)` did not come out of this ceremony") }
    }

    private static func der(_ pem: Data, _ path: String) throws -> [UInt8] {
        do {
            return Array(
                try PEM.block(
                    Array(pem), labels: PEM.certificate + PEM.certificationRequest + PEM.certificateList
                ).contents)
        } catch { throw WorkerFailure(.configuration, "`\(path)` \(error)") }
    }
}
