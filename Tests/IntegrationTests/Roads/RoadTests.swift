import Foundation
import TestSupport
import Testing

/// The roads of `Tests/Roads`: what each kind of user does every day, and what it sees, refusals above all. Each
/// road has a machine of its own, installed by the commands of Docs/Operations.md, with a user for each principal.
/// The text that a road prints is recorded beside it; `SIGNET_RECORD=1` writes it.
@Suite(
    .timeLimit(.minutes(5)), .enabled(if: geteuid() == 0, "a machine with users of its own needs root"))
struct RoadTests {
    @Test(arguments: ["new-user", "service", "officer", "operator", "auditor"])
    func `a road prints what is recorded`(_ road: String) throws {
        let directory = try TemporaryDirectory()
        let operations = try Document("Docs/Operations.md")
        let installing = operations.shell(inSection: "Installing").joined()
        // A document without commands would leave a machine without a daemon.
        #expect(installing.contains("useradd --system") && installing.contains("signet-token init"))
        try directory.write("installing.sh", installing)
        try directory.write("signetd.yaml", operations.blocks("yaml", inSection: "Configuring")[0])
        let folder = "\(Products.root)/Tests/Roads"
        let result = try Command.run(
            "unshare",
            [
                "--mount", "bash", "-c", ". \"$0/machine.sh\"; set -u; . \"$0/prelude.sh\"; . \"$0/$1.sh\"",
                folder, road,
            ],
            environment: [
                "BLOCKS": directory.path(""), "PROGRAMS": Products.path(""), "ROOT": Products.root,
                "COLUMNS": "200",
            ])
        #expect(result.status == 0, "\(result.errors)")
        let text = Self.normalized(result.output)
        let file = URL(fileURLWithPath: "\(folder)/\(road).txt")
        if ProcessInfo.processInfo.environment["SIGNET_RECORD"] != nil { try Data(text.utf8).write(to: file) }
        let recorded = try String(contentsOf: file, encoding: .utf8)
        let (seen, expected) = (text.split(separator: "\n"), recorded.split(separator: "\n"))
        for (line, other) in zip(seen, expected) where line != other {
            Issue.record("`\(line)` in place of `\(other)`")
            return
        }
        #expect(seen.count == expected.count)
    }

    @Test func `the operator runs the command that Policy md explains`() throws {
        let script = try String(
            contentsOfFile: "\(Products.root)/Tests/Roads/operator.sh", encoding: .utf8)
        let blocks = try Document("Docs/Policy.md").blocks(
            "console", inSection: "Explaining and checking policies")
        #expect(blocks.count == 1)
        for command in blocks { #expect(script.contains("show \(command.dropFirst(2))"), "\(command)") }
    }

    /// Replaces what differs from run to run.
    private static func normalized(_ text: String) -> String {
        var text = text
        let rules: [(Regex<Substring>, String)] = [
            (/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, "<id>"),
            (/\b[0-9a-f]{64}\b/, "<sha256>"), (/\b[0-9a-f]{32}\b/, "<serial>"),
            (/(?:[0-9a-f]{2}:){19}[0-9a-f]{2}/, "<key id>"),
            (/(?:[0-9A-Fa-f]{2}:){15}[0-9A-Fa-f]{2}/, "<serial>"),
            // The daemon's own events come when they come.
            (/[0-9]+ (?=events|octets|a second|days left)/, "<n> "), (/\bevents: [0-9]+/, "events: <n>"),
            (/\bevent [0-9]+/, "event <n>"), (/(?m)<id>  [0-9]+$/, "<id>  <n>"),
            (/\b[0-9a-f]{16}\b/, "<token>"), (/[0-9]{8}T[0-9]{6}Z/, "<time>"),
            (/(?m)^(?:User|Groups|Unit|Program) .*$/, "<facts of the process>"),
            (/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]+)?Z/, "<time>"),
            (/\buid [0-9]+/, "uid <n>"), (/--reuid=[0-9]+/, "--reuid=<n>"),
            (/\buid=[0-9]+ gid=[0-9]+ pid=[0-9]+/, "<peer>"),
            (/\bpeeruid = 1[0-9]{3}\b/, "peeruid = <n>"), (/[A-Za-z0-9+\/]{43}=/, "<hash>"),
            (/\bthe log had [0-9]+: the last [0-9]+ are/, "the log had <n>: the last <n> are"),

        ]
        for (pattern, name) in rules { text = text.replacing(pattern, with: name) }
        return text
    }
}
