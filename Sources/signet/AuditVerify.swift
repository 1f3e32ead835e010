internal import ArgumentParser
internal import Foundation
internal import TransparencyLog
internal import VisibleText

struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check an exported log from its first event to its last.",
        discussion: """
            Needs no daemon and no database. Every event is compared with the hashes of its tile, every tile against those \
            below it, and all of it against the checkpoint, whose signature is checked with the log's key: have that from \
            somewhere else than from the export. The first event that is wrong is named, and nothing is repaired.
            """)

    @Argument(help: "The directory of the export.") var directory: String
    @OptionGroup var key: LogKeyOption

    @Option(help: "A checkpoint that was kept from before: the log must still begin as it says.") var since:
        String?
    @Option(
        help: "The key of a witness whose cosignature the checkpoint must have; can be given several times.")
    var witness: [String] = []
    @Flag(help: "Print what was found as JSON.") var json = false

    func run() async throws {
        do { try verify() } catch let fault as LogFault {
            if json {
                try show(Finding(status: "BAD", size: nil, firstBadIndex: fault.index, reason: fault.reason))
            }
            Output.error("\(fault.reason)")
            throw ExitCode(1)
        } catch { throw Failure.exit(for: error) }
    }

    private func requireDirectory() throws(CommandFailure) {
        let values = try? URL(fileURLWithPath: directory).resourceValues(forKeys: [.isDirectoryKey])
        guard let isDirectory = values?.isDirectory else {
            throw CommandFailure(
                message: "there is no export `\(directory)`",
                hint: "give the directory of `signet audit export`",
                status: .notFound)
        }
        guard isDirectory else {
            throw CommandFailure(
                message: "`\(directory)` is a file, and only an export in a directory has what is verified",
                hint: "make one with `signet audit export DIRECTORY`, without --lines", status: .usage)
        }
    }

    private func verify() throws {
        try requireDirectory()
        let files = LogDirectory(path: directory)
        let verifier = try key.verifier()
        guard let text = try files.text("checkpoint") else {
            throw LogFault(reason: "`\(directory)` has no checkpoint: the export is not whole")
        }
        let checkpoint = try Self.checkpoint(text, named: "checkpoint", verifier)
        for key in witness { try checkWitness(key, text) }
        let earlier = try since.map { path in
            try Self.checkpoint(
                try InputFile.text(path),
                named: path,
                verifier)
        }
        var progress = Progress(of: checkpoint.size)
        try LogVerification(files, checkpoint: checkpoint, earlier: earlier).run { progress.report($0) }
        progress.finish()
        if json {
            return try show(Finding(status: "OK", size: checkpoint.size, firstBadIndex: nil, reason: nil))
        }
        Output.line(
            "\(checkpoint.size) events of \(checkpoint.origin) are as they were logged (\(progress.rate(checkpoint.size)) a second)"
        )
    }

    private static func checkpoint(
        _ text: String, named name: String, _ verifier: NoteVerifier
    ) throws -> Checkpoint {
        let note: SignedNote
        let checkpoint: Checkpoint
        do throws(NoteFault) {
            note = try SignedNote(encoded: text)
            checkpoint = try Checkpoint(text: note.text)
        } catch { throw LogFault(reason: "`\(name)`: \(error.reason)") }
        guard checkpoint.origin == verifier.name else {
            throw LogFault(
                reason: "`\(name)` is of another log: `\(checkpoint.origin)`, and not `\(verifier.name)`")
        }
        guard verifier.verify(note) != nil else {
            throw LogFault(reason: "`\(name)` is not signed by \(verifier.name), or not by this key")
        }
        return checkpoint
    }

    private func checkWitness(_ text: String, _ checkpoint: String) throws {
        guard let witness = NoteVerifier(text), witness.algorithm == .cosignature else {
            throw CommandFailure(
                message: "`\(text)` is not the key of a witness", hint: "it has the form NAME+ID+BASE64",
                status: .usage)
        }
        guard let note = try? SignedNote(encoded: checkpoint), witness.verify(note) != nil else {
            throw LogFault(
                reason:
                    "the checkpoint has no cosignature of the witness \(witness.name), or one of something else"
            )
        }
    }

    private struct Finding: Encodable {
        let status: String
        let size: UInt64?
        let firstBadIndex: UInt64?
        let reason: String?
    }

    private func show(_ finding: Finding) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        Output.json(String(decoding: try encoder.encode(finding), as: UTF8.self))
    }
}
