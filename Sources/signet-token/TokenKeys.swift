internal import ArgumentParser
internal import Identifiers
internal import TokenOffice
internal import TokenProtocol
internal import VisibleText

struct TokenKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Show the private keys on a token, and whether Signet would sign with them.")

    @OptionGroup var options: TokenOptions

    private struct Entry: Encodable {
        let identifier: String
        let label: String
        let kind: String
        let verdict: String
        let failures: [String]
    }

    func run() throws {
        let (keys, others) = try reporting { try Officer.keys(try options.opening()) }
        var entries = keys.map { key in
            Entry(
                identifier: hexadecimal(key.description.identifier), label: key.label, kind: "\(key.kind)",
                verdict: "\(key.description.evidence.verdict)",
                failures: key.description.evidence.failures.map(\.name))
        }
        entries += others.map { key in
            Entry(
                identifier: key.identifier.map({ hexadecimal($0) }) ?? "", label: key.label, kind: "-",
                verdict: "\(KeyVerdict.notProvable)", failures: [key.reason])
        }
        if options.module.json { return try printJSON(entries) }
        let rows = entries.map {
            [$0.identifier, $0.kind, $0.verdict, $0.label, $0.failures.joined(separator: " ")]
        }
        Output.line(table([["CKA_ID", "KIND", "VERDICT", "LABEL", "STANDS AGAINST IT"]] + rows))
    }
}
