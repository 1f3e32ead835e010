internal import APIClient
internal import ArgumentParser
internal import VisibleText
internal import WireAPI

struct PolicyStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which policies the daemon decides by.",
        discussion: "Every event of the log names the digest that decided.")

    @OptionGroup var connection: Connection

    func run() async throws {
        try await connection.run { client in
            let output = try await client.call(DescribePolicyOperation.self, .init())
            if connection.json { return try connection.printJSON(output) }
            let policy = output.policy
            Output.line(
                "digest      \(policy.digest)\nin force    since \(Report.date(policy.since))\nprincipals  \(policy.principals)"
            )
        }
    }
}

struct PolicyReload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Make the daemon reload its policies.",
        discussion: """
            Takes the principals, their policies, the organization, shares and quotas of the daemon's configuration. All of \
            it is read and checked first: with any mistake the policies stay as they were, and the mistakes are shown. \
            Requests under way are judged by what was in force when they came. SIGHUP does the same.
            """)

    @OptionGroup var connection: Connection

    func run() async throws {
        try await connection.run { client in
            let output = try await client.call(ReloadPolicyOperation.self, .init())
            if connection.json { return try connection.printJSON(output) }
            Output.line(
                output.policy.digest == output.previousDigest
                    ? "nothing has changed: \(output.previousDigest)"
                    : "in force: \(output.policy.digest)\nbefore:   \(output.previousDigest)")
        }
    }
}
