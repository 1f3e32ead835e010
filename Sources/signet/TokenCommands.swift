internal import APIClient
internal import ArgumentParser
internal import VisibleText
internal import WireAPI

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "The daemon's tokens, seen from outside; `signet-token` works at a token itself.",
        subcommands: [TokenList.self, TokenDrain.self, TokenResume.self])
}

struct TokenList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the daemon's tokens, in the order in which they are tried.")

    @OptionGroup var connection: Connection

    func run() async throws {
        try await connection.run { client in
            let answer = try await client.call(ListTokensOperation.self, .init())
            if connection.json { return try connection.printJSON(answer) }
            let rows = answer.tokens.map {
                [
                    $0.name, $0.status, $0.label ?? "-", $0.serialNumber ?? "-", $0.profile,
                    $0.keyStorageSecurityStandard ?? "-", $0.reason ?? "",
                ]
            }
            Output.line(
                EscapedText.table(
                    ["NAME", "STATUS", "LABEL", "SERIAL", "PROFILE", "STANDARD", "REASON"], rows))
        }
    }
}

struct TokenDrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Take a token out of service for maintenance.",
        discussion: """
            Returns when nothing is under way on the token and its login has ended: it can be unplugged. Keys that another \
            token holds go on signing there. It lasts until `resume` or the daemon's next start; `drained: true` in the \
            configuration lasts longer.
            """)

    @OptionGroup var connection: Connection
    @Argument(help: "The token's name in the configuration.") var name: String

    func run() async throws {
        try await connection.run { client in
            _ = try await client.call(DrainTokenOperation.self, .init(name: name))
            Output.line("\(name) is out of service")
        }
    }
}

struct TokenResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Put a token back into service.",
        discussion: """
            Returns when the token serves. A token that was refused, for its PIN say, is tried once more: mend the PIN file first, \
            because the token counts wrong PINs.
            """)

    @OptionGroup var connection: Connection
    @Argument(help: "The token's name in the configuration.") var name: String

    func run() async throws {
        try await connection.run { client in
            _ = try await client.call(ResumeTokenOperation.self, .init(name: name))
            // A principal that may resume may perhaps not list.
            let tokens = try? await client.call(ListTokensOperation.self, .init()).tokens
            guard let token = tokens?.first(where: { $0.name == name }), token.status != "SERVING" else {
                return Output.line("\(name) is in service")
            }
            throw CommandFailure(
                message: "\(name) may be used again, and does not serve: \(token.reason ?? token.status)",
                hint: token.status == "REFUSED"
                    ? "mend that, and resume it again: each time is one more try; a PIN that was given at the start needs a restart"
                    : "the daemon goes on trying; `signet token list` shows when it serves",
                status: .unavailable)
        }
    }
}
