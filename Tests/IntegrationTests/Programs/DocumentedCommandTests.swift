import Foundation
import TestSupport
import Testing

/// Every command that a document names exists, with its options.
struct DocumentedCommandTests {
    private static let programs = ["signet", "signetd", "signet-token"]

    /// A command of a program, as the argument parser describes it.
    private struct CommandInfo: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }

            let names: [Name]?
        }

        let commandName: String
        let arguments: [Argument]?
        let subcommands: [CommandInfo]?
        let defaultSubcommand: String?

        func subcommand(_ name: String?) -> CommandInfo? {
            subcommands?.first { $0.commandName == name }
        }

        var options: Set<String> {
            let names = (arguments ?? []).flatMap { $0.names ?? [] }
            return Set(names.map { $0.kind == "long" ? "--\($0.name)" : "-\($0.name)" }).union(["--help"])
        }
    }

    private struct Dump: Decodable {
        let command: CommandInfo
    }

    private static func commands() throws -> [String: CommandInfo] {
        var commands: [String: CommandInfo] = [:]
        for program in programs {
            let dump = try Command.output(Products.path(program), ["--experimental-dump-help"])
            commands[program] = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
        }
        return commands
    }

    private static func documents() throws -> [(path: String, text: String)] {
        let folders = ["Docs", "HSMConfig"].flatMap { folder in
            (try? FileManager.default.subpathsOfDirectory(
                atPath: Document.root.appendingPathComponent(folder).path))?.map { "\(folder)/\($0)" } ?? []
        }
        let paths = folders.filter { $0.hasSuffix(".md") || $0.hasSuffix(".yaml") }
        return try (paths + ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]).map {
            ($0, try Document($0).text)
        }
    }

    /// The words of each command in the code of a document: in spans, and in blocks with continued lines
    /// joined.
    private static func invocations(in text: String) -> [[String]] {
        var code = text.matches(of: /`([^`\n]+)`/).map { String($0.1) }
        for block in text.matches(of: /```sh\n([^`]*)```/) {
            let lines = String(block.1).replacing("\\\n", with: " ").split(separator: "\n")
            code += lines.filter { !$0.hasPrefix("#") }.map(String.init)
        }
        return code.flatMap { line in
            line.split { "|;&()<>$\"".contains($0) }.compactMap { part in
                let words = part.split(separator: " ").map(String.init)
                guard let start = words.firstIndex(where: programs.contains), start + 1 < words.count else {
                    return nil
                }
                // `signetd` has options only: `signetd ready on …` is what it prints.
                // With a backslash it is a text with escapes, such as the first line of a transcript.
                let isCommand =
                    (words[start] != "signetd" || words[start + 1].hasPrefix("--")) && !line.contains("\\")
                return start == 0 && isCommand ? words : nil
            }
        }
    }

    @Test func `every command in a document exists with its options`() throws {
        let commands = try Self.commands()
        var count = 0
        for (path, text) in try Self.documents() {
            for words in Self.invocations(in: text) {
                count += 1
                var command = try #require(commands[words[0]])
                var rest = words.dropFirst()
                while let next = rest.first, let subcommand = command.subcommand(next) {
                    command = subcommand
                    rest = rest.dropFirst()
                }
                command = command.subcommand(command.defaultSubcommand) ?? command
                let isGroup = !(command.subcommands ?? []).isEmpty
                #expect(
                    !isGroup || rest.isEmpty || rest.first?.hasPrefix("-") == true,
                    "\(path) names `\(words.joined(separator: " "))`, which is no command")
                for option in rest where option.hasPrefix("--") {
                    let name = String(option.prefix { $0 != "=" && $0 != "," })
                    #expect(
                        command.options.contains(name),
                        "\(path) gives `\(words.joined(separator: " "))` the option \(name), which it does not have"
                    )
                }
            }
        }
        // A parser that finds nothing would agree with every document.
        #expect(count > 80, "\(count)")
    }
}
