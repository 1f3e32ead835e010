internal import ArgumentParser
internal import Authorization
internal import Foundation
internal import PolicyAnalysis
internal import VisibleText

struct AuditAccess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Show what a principal could have obtained on a day.",
        discussion: """
            The principal's rows of `policy matrix` under the policies that were in force that day. The log tells their \
            digest, and the configuration that is given must have it. What authorities were given (PutPolicy, tags) is not \
            part of a configuration: --live takes it as it is now.

            signet audit access --principal role/issuer --on 2026-11-25 --config signetd.yaml
            """)

    @OptionGroup var connection: Connection
    @OptionGroup var source: EventSourceOption
    @OptionGroup(title: "What decides") var options: PolicyOptions
    @Option(help: "An ARN, or its end, such as `role/issuer`.") var principal: String
    @Option(help: "The day, such as `2026-11-25`, of UTC.") var on: String
    @Option(help: "The action.") var action = "acm-pca:IssueCertificate"
    @Option(help: "The ARN of an authority; can be given several times. By default all that are known.")
    var authority: [String] = []

    func run() async throws {
        try await connection.run { client in
            let day = try Day(on)
            let action = try RequestText.action(action)
            let installation = try await options.installation(connection)
            let digest = installation.rulebook.digest
            let policies = try await PoliciesInForce(on: day, in: try source.source(client))
            try policies.require(digest, of: options.config)
            let principal = try RequestText.principal(principal, installation)
            let matrix = MatrixMaker(installation).matrix(
                action, authorities: installation.authorities(named: authority), of: principal.arn)
            if connection.json {
                return try connection.printJSON(
                    AccessOnDay(
                        day: day.text, principal: principal.arn.description, digest: digest,
                        policiesInForce: policies.all,
                        access: matrix.rows.flatMap { MatrixCell.cells($0, matrix.templates) }))
            }
            Output.line(policies.table)
            if policies.all.count > 1 {
                Output.line("\nUnder \(digest), which were not the only ones that day:")
            }
            Output.line("\n\(MatrixText(matrix: matrix).text)")
        }
    }
}

private struct AccessOnDay: Encodable {
    let day: String
    let principal: String
    /// The digest of the policies of the result.
    let digest: String
    let policiesInForce: [PoliciesInForce.Policies]
    let access: [MatrixCell]
}
