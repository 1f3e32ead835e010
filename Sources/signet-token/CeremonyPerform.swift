internal import ArgumentParser
internal import Ceremony
internal import CeremonyTranscript
internal import Crypto
internal import Foundation
internal import Identifiers
internal import JSON
internal import OctetText
internal import PKIX
internal import TokenOffice
internal import TokenProtocol
internal import VisibleText
internal import X509

struct CeremonyPerform: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Carry a ceremony out at a token.",
        discussion: """
            Every officer of the file is asked at the terminal to type their name, at most three times, before anything is made. A label, CKA_ID or \
            output file that is there already ends the ceremony before it begins. The transcript grows with every step; it is \
            signed by the key, and by the officers who give a key of their own. With --detached it leaves a statement beside the \
            transcript, which that officer signs elsewhere; `add-signature` adds the signature.
            """)

    @OptionGroup var options: TokenOptions

    @Argument(help: "The ceremony file (YAML).") var file: String

    @Option(
        help: "The prediction of `ceremony plan --output`; a step that differs from it ends the ceremony.")
    var predicted: String?

    @Option(
        help: ArgumentHelp(
            "An officer's own private key in PEM, to sign the transcript with. Once for each officer.",
            valueName: "name=file"))
    var officerKey: [String] = []

    @Option(
        help: ArgumentHelp(
            "An officer with a public key in the file who signs the transcript on another machine, later. Once for each officer.",
            valueName: "name"))
    var detached: [String] = []

    func run() throws {
        try reporting {
            let ceremony = try CeremonyFile.load(path: file, at: Date())
            let prediction = try predicted.map(Self.prediction)
            let opening = try options.opening()
            let keys = try officerKeys()
            // All checks that need no token come first.
            let check = CeremonyRun(
                ceremony, isDryRun: false, writer: try TranscriptWriter(path: nil) { _ in },
                officerKeys: keys, detachedOfficers: detached)
            let preview = try check.checkBeforehand()
            let verb: EscapedText = if case .logKey = ceremony.action { "made" } else { "signed" }
            Output.line("to be \(verb)  \(CeremonyText.artefact(preview))")
            let token = try CeremonyToken(opening)
            let writer = try TranscriptWriter(path: ceremony.transcriptPath, prediction: prediction) {
                Output.line(CeremonyText.line($0))
            }
            let run = CeremonyRun(
                ceremony, isDryRun: false, writer: writer, officerKeys: keys, detachedOfficers: detached,
                confirm: { try OfficerPrompt().confirm($0, ceremony) },
                whileWaiting: { what, body in
                    let ticker = Ticker("\(what)")
                    defer { ticker.end() }
                    return try body()
                })
            _ = try run.perform(
                at: token, pin: opening.pin.provenance, moduleDigest: Self.digest(opening.module.path))
            Output.line("\nresult      \(ceremony.resultPath)\ntranscript  \(ceremony.transcriptPath)")
            Output.line("Read this aloud: \(Self.digest(ceremony.transcriptPath))")
            try writeStatements(ceremony)
        }
    }

    /// The ceremony is done; a statement that cannot be written now can be written later.
    private func writeStatements(_ ceremony: CeremonyFile) throws {
        guard !detached.isEmpty else { return }
        let record = try CeremonyRecord.read(ceremony.transcriptPath)
        for name in ceremony.officers.map(\.name) where detached.contains(name) {
            guard let path = ceremony.statementPath(of: name) else { continue }
            do { try CeremonyStatement.write(record.detachedStatement(of: name), to: path) } catch {
                throw WorkerFailure(
                    .configuration,
                    "the ceremony is done, but the statement `\(path)` cannot be written; write it elsewhere with `signet-token ceremony statement`"
                )
            }
            Output.line("\(name) signs  \(path)")
        }
    }

    private static func prediction(_ path: String) throws -> [JSONValue] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw WorkerFailure(.configuration, "the prediction `\(path)` cannot be read")
        }
        do { return try data.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: $0) } } catch {
            throw WorkerFailure(.configuration, "the prediction `\(path)` is not JSON lines")
        }
    }

    private func officerKeys() throws -> [String: Certificate.PrivateKey] {
        var keys: [String: Certificate.PrivateKey] = [:]
        for entry in officerKey {
            let parts = entry.pieces(at: "=", most: 2)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
                throw ValidationError("`\(entry)` is not NAME=FILE.")
            }
            let (name, path) = (String(parts[0]), String(parts[1]))
            keys[name] = try OfficerKeyFile.read(path, of: name)
        }
        return keys
    }

    private static func digest(_ path: String) -> String {
        hexadecimal(Array(SHA256.hash(data: FileManager.default.contents(atPath: path) ?? Data())))
    }
}
