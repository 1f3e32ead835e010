internal import ArgumentParser
internal import Ceremony
internal import CeremonyTranscript
internal import Foundation
internal import TokenProtocol
internal import VisibleText

struct CeremonyStatement: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement",
        abstract: "Write the text that an officer signs on another machine.",
        discussion: """
            The same text that `run --detached` leaves beside the transcript. The officer signs its exact octets, and \
            `add-signature` adds the signature to the transcript.
            """)

    @Argument(help: "The transcript (JSON lines).") var transcript: String

    @Option(help: "The ceremony file that the transcript is of.") var ceremony: String

    @Option(help: "The officer's name, as the ceremony file has it.") var officer: String

    @Option(help: "The file to write, which must not exist.") var output: String

    func run() throws {
        try reporting {
            let record = try CeremonyRecord.read(transcript)
            let file = try CeremonyFile.load(path: ceremony, at: nil)
            try record.require(file)
            let name = try file.signer(officer).name
            try Self.write(record.detachedStatement(of: name), to: output)
            Output.line("\(name) signs  \(output)")
        }
    }

    static func write(_ statement: Data, to path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { throw CeremonyError.exists(path) }
        try statement.write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
    }
}
