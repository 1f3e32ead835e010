internal import ArgumentParser
internal import Foundation
internal import TransparencyLog
internal import VisibleText

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "The audit log: what was done, for whom, and that nothing was removed.",
        discussion: """
            The log is a Merkle tree (RFC 6962). Its checkpoints are signed by a key on the token, when the daemon's \
            configuration gives it a name (log.origin). Exports have the layout of C2SP tlog-tiles, which other tools read.
            """,
        subcommands: [
            AuditList.self, AuditShow.self, AuditFollow.self, AuditCertificates.self, AuditAccess.self,
            AuditSignatures.self, AuditCheckpoint.self, AuditExport.self,
            AuditVerify.self, AuditProve.self, AuditReceipt.self, AuditVerifyProof.self,
        ])
}

/// A log's directory on disk.
struct LogDirectory: LogFiles {
    let root: URL

    init(path: String) { root = URL(fileURLWithPath: path) }

    func read(_ path: String) throws -> [UInt8]? {
        let file = root.appendingPathComponent(path)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return Array(try Data(contentsOf: file))
    }

    func text(_ path: String) throws -> String? {
        try read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        let file = root.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }
}

/// The key that a log is verified with: given as an option, or taken from the log itself.
struct LogKeyOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The log's key, as `signet audit checkpoint --key` prints it, or a file with it.",
            valueName: "key"))
    var key: String

    func verifier() throws -> NoteVerifier {
        let text =
            key.contains("+")
            ? key : try InputFile.text(key)
        guard let verifier = NoteVerifier(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CommandFailure(
                message: "`\(key)` is not the key of a log",
                hint: "it has the form NAME+ID+BASE64; `signet audit checkpoint --key` prints it",
                status: .usage)
        }
        return verifier
    }
}
