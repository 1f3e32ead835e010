import Foundation
import TestSupport
import Testing

/// The roads of `Tests/Roads`: what each kind of user does every day, and what it sees, refusals above all. The
/// text that each road prints is recorded beside it; `SIGNET_RECORD=1` writes it.
@Suite(.timeLimit(.minutes(5)))
struct RoadTests {
    @Test(arguments: ["new-user", "service", "officer", "operator", "auditor"])
    func `a road prints what is recorded`(_ road: String) throws {
        let daemon = try Daemon()
        let directory = daemon.directory
        let folder = "\(Products.root)/Tests/Roads"
        let result = try Command.run(
            "bash",
            [
                "-c", "set -u; cd \"$0\"; . \"$1/prelude.sh\"; . \"$1/$2.sh\"", directory.path(""), folder,
                road,
            ],
            environment: [
                "PATH": "\(Products.path("")):\(ProcessInfo.processInfo.environment["PATH"] ?? "")",
                "SIGNET_SOCKET": daemon.socketPath, "SIGNET_CONFIG": directory.path("signetd.yaml"),
                "CONFIG": "\(Products.root)/HSMConfig", "MODULE": SoftHSM.modulePath, "TOKEN": SoftHSM.uri,
                "PIN": daemon.token.pinFile, "SOFTHSM2_CONF": daemon.token.directory.path("softhsm2.conf"),
                "COLUMNS": "200",
            ])
        #expect(result.status == 0, "\(result.errors)")
        let text = Self.normalized(result.output, directory.path)
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

    /// Replaces what differs from run to run.
    private static func normalized(_ text: String, _ directory: String) -> String {
        var text = text.replacing(directory, with: "DIR").replacing(Products.root, with: "ROOT")
            .replacing("`\(NSUserName())`", with: "`USER`")
        let rules: [(Regex<Substring>, String)] = [
            (/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, "<id>"),
            (/\b[0-9a-f]{64}\b/, "<sha256>"), (/\b[0-9a-f]{32}\b/, "<serial>"),
            (/(?:[0-9A-F]{2}:){15}[0-9A-F]{2}/, "<serial>"),
            // The daemon's own events come when they come.
            (/[0-9]+ (?=events|octets|a second)/, "<n> "), (/\bevents: [0-9]+/, "events: <n>"),
            (/\bevent [0-9]+/, "event <n>"), (/(?m)<id>  [0-9]+$/, "<id>  <n>"),
            (/\b[0-9a-f]{16}\b/, "<token>"), (/[0-9]{8}T[0-9]{6}Z/, "<time>"),
            (/(?m)^(?:User|Groups|Unit|Program) .*$/, "<facts of the process>"),
            (/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]+)?Z/, "<time>"),
        ]
        for (pattern, name) in rules { text = text.replacing(pattern, with: name) }
        return text
    }
}
