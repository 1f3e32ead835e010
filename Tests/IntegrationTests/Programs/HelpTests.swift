import Foundation
import TestSupport
import Testing

/// The `--help` text of every command. `SIGNET_RECORD=1 Scripts/test --filter HelpTests` rewrites the files.
struct HelpTests {
    /// A command in the format of ArgumentParser's `--experimental-dump-help`.
    private struct Commands: Decodable {
        struct Command: Decodable {
            let commandName: String
            let subcommands: [Command]?

            /// The arguments after the program's name that name this command and those below it.
            func lines(below words: [String] = []) -> [[String]] {
                [words]
                    + (subcommands ?? []).filter { $0.commandName != "help" }
                    .flatMap { $0.lines(below: words + [$0.commandName]) }
            }
        }

        let command: Command
    }

    @Test(arguments: ["signet", "signet-responder", "signet-token", "signetd"])
    func `the help of every command is as recorded`(_ program: String) throws {
        let path = Products.path(program)
        let listing = try Command.output(path, ["--experimental-dump-help"])
        let commands = try JSONDecoder().decode(Commands.self, from: Data(listing.utf8)).command.lines()
        var text = ""
        for words in commands {
            // A pipe has no width, so ArgumentParser uses 80 columns.
            let help = try Command.output(path, words + ["--help"], environment: ["COLUMNS": "80"])
            text += "$ \(([program] + words + ["--help"]).joined(separator: " "))\n\(help)\n"
        }
        let file = "\(Products.root)/Tests/IntegrationTests/Help/\(program).txt"
        if ProcessInfo.processInfo.environment["SIGNET_RECORD"] == "1" {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }
        let recorded = try String(contentsOfFile: file, encoding: .utf8)
        let difference = zip(
            text.components(separatedBy: "\n"), recorded.components(separatedBy: "\n")
        ).first { $0 != $1 }
        #expect(text == recorded, "\(String(describing: difference))")
    }
}
