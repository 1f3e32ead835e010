internal import APIClient
internal import ArgumentParser
internal import VisibleText
internal import WireAPI

struct CATag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Add tags to an authority, or replace their values.",
        discussion: "Policies can ask for them: aws:ResourceTag/KEY.")

    @OptionGroup var connection: Connection
    @OptionGroup var authority: AuthorityArgument
    @Argument(help: "Such as `environment=production`.") var tags: [TagArgument]

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            let shapes = tags.map { TagShape(key: $0.key, value: $0.value ?? "") }
            _ = try await client.call(
                TagCertificateAuthorityOperation.self, .init(certificateAuthorityArn: arn, tags: shapes))
            if connection.json { try connection.printJSON(EmptyOutput()) }
        }
    }
}

struct CAUntag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "untag", abstract: "Take tags from an authority.",
        discussion: "With a value, a tag goes only if it has that one.")

    @OptionGroup var connection: Connection
    @OptionGroup var authority: AuthorityArgument
    @Argument(help: "Such as `environment`, or `environment=test`.") var tags: [TagArgument]

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            let shapes = tags.map { TagShape(key: $0.key, value: $0.value) }
            _ = try await client.call(
                UntagCertificateAuthorityOperation.self, .init(certificateAuthorityArn: arn, tags: shapes))
            if connection.json { try connection.printJSON(EmptyOutput()) }
        }
    }
}

struct CATags: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tags", abstract: "Show an authority's tags.")

    @OptionGroup var connection: Connection
    @OptionGroup var authority: AuthorityArgument

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            let output = try await client.call(ListTagsOperation.self, .init(certificateAuthorityArn: arn))
            if connection.json { return try connection.printJSON(output) }
            Output.line(EscapedText.table(["KEY", "VALUE"], output.tags.map { [$0.key, $0.value ?? ""] }))
        }
    }
}

/// A tag on the command line: `key` or `key=value`.
struct TagArgument: ExpressibleByArgument {
    let key: String
    let value: String?

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        guard let key = parts.first, !key.isEmpty else { return nil }
        self.key = key
        value = parts.count == 2 ? parts[1] : nil
    }
}
