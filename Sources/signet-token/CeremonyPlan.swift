internal import ArgumentParser
internal import Ceremony
internal import Foundation
internal import JSON
internal import VisibleText

struct CeremonyPlan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Read a ceremony file, rehearse it on a throwaway SoftHSM token, and show every step.",
        discussion: """
            Touches no token of yours. With --output the prediction goes to a file that `run --predicted` holds the real \
            ceremony against, step by step; `…` stands where the token, the clock or chance decides.
            """)

    @Argument(help: "The ceremony file (YAML).") var file: String

    @Option(help: "Write the prediction, JSON lines, to this file, which must not exist.") var output: String?

    @Flag(help: "Print the prediction as JSON lines.") var json = false

    func run() throws {
        try reporting {
            let ceremony = try CeremonyFile.load(path: file, at: Date())
            let check = CeremonyRun(
                ceremony, isDryRun: true, writer: try TranscriptWriter(path: nil) { _ in })
            try check.checkOutputs()
            _ = try check.preview()
            let prediction = try DryRun.predict(ceremony)
            let lines = prediction.map { String(decoding: $0.encoded(), as: UTF8.self) }
            if let output {
                try Data((lines.joined(separator: "\n") + "\n").utf8).write(
                    to: URL(fileURLWithPath: output), options: .withoutOverwriting)
            }
            if json { return Output.json(lines.joined(separator: "\n")) }
            Output.line("\(ceremony.title)\nceremony file  sha256 \(ceremony.digest)")
            if let policy = ceremony.policy {
                Output.line(
                    "asked for by   \(policy.document), version \(policy.version), section \(policy.section)")
            }
            Output.line("results        \(ceremony.resultPath)\n               \(ceremony.transcriptPath)\n")
            for (index, step) in prediction.enumerated() {
                let name = step["step"]?.stringValue ?? ""
                let details = String(decoding: (step["details"] ?? .null).encoded(), as: UTF8.self)
                Output.line(
                    EscapedText("\(index + 1)").padded(to: 4) + "\(name)  \(EscapedText(json: details))")
            }
            Output.line(
                "\nThe rehearsal came to its end. Officers confirm the file's digest at the real run.")
        }
    }
}
