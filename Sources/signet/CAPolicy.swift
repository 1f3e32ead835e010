internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import VisibleText
internal import WireAPI

struct CAPolicy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "The policy of an authority: who of other accounts may use it, and what for.",
        subcommands: [CAPolicyPut.self, CAPolicyGet.self, CAPolicyDelete.self])
}

struct CAPolicyPut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Give an authority a policy, in place of the one it has.",
        discussion: """
            Every statement names the authority's own ARN as its Resource. An Allow can name the actions that others can \
            be given; a Deny can name any. A policy that would keep you from changing it is refused.
            """)

    @OptionGroup var connection: Connection
    @OptionGroup var authority: AuthorityArgument
    @Argument(help: "The policy, a JSON file.") var file: String

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            let text = try InputFile.text(file)
            _ = try await client.call(PutPolicyOperation.self, .init(resourceArn: arn, policy: text))
            if connection.json {
                try connection.printJSON(EmptyOutput())
            } else {
                Output.line("the policy is in force")
            }
        }
    }
}

struct CAPolicyGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print an authority's policy.")

    @OptionGroup var connection: Connection
    @OptionGroup var authority: AuthorityArgument

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            let output = try await client.call(GetPolicyOperation.self, .init(resourceArn: arn))
            if connection.json { try connection.printJSON(output) } else { Output.json(output.policy) }
        }
    }
}

struct CAPolicyDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Take an authority's policy away.")

    @OptionGroup var connection: Connection
    @OptionGroup var authority: AuthorityArgument

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            _ = try await client.call(DeletePolicyOperation.self, .init(resourceArn: arn))
            if connection.json {
                try connection.printJSON(EmptyOutput())
            } else {
                Output.line("it has no policy")
            }
        }
    }
}
