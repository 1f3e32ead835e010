internal import APIClient
internal import ArgumentParser
internal import Authorization
internal import Foundation
internal import Issuance
internal import PKIX
internal import PolicyAnalysis
internal import VisibleText
internal import WireAPI

struct PolicyExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why a request is allowed or denied.",
        discussion: """
            Of a request that you describe, or with --event of one that was made: what it said is in the log. The decision \
            is made by the daemon's own code, on the configuration's files as they are now. When nothing allows the \
            request, the statement that lacks the least is shown with what it lacks.
            """)

    @OptionGroup var connection: Connection
    @OptionGroup(title: "What decides") var options: PolicyOptions

    @Option(help: "The principal that asks: its ARN, or the end of it, such as `role/issuer`.") var principal:
        String?
    @Option(help: "Such as `acm-pca:IssueCertificate`.") var action: String?
    @Option(
        help:
            "The ARN of an authority; by default one that nothing names, or `*` where the action is about none."
    )
    var resource: String?
    @Option(help: "A template's name or ARN: acm-pca:TemplateArn, and with it signet:IsCA.") var template:
        String?
    @Option(
        help: ArgumentHelp(
            "A condition key and its value; given twice, the key has two values.", valueName: "key=value"))
    var context: [String] = []
    @Option(help: "How many officers have approved it.") var approvals = 0
    @Option(
        help: """
            A request that was made: its requestID, the eventID or the index of its event, or the ARN or serial number of \
            the certificate that it obtained. Asks the daemon.
            """)
    var event: String?

    func validate() throws {
        guard event != nil || (principal != nil && action != nil) else {
            throw ValidationError("Give --principal and --action, or --event.")
        }
    }

    func run() async throws {
        do {
            let installation = try await options.installation(connection)
            let request: HypotheticalRequest
            if let event {
                var past: HypotheticalRequest?
                try await connection.run {
                    past = try await PastRequest(id: event, client: $0).request(in: installation)
                }
                guard let past else { return }
                request = past
            } else {
                request = try described(installation)
            }
            let now = request.time
            let explanation = Authorizer(installation.rulebook) { now }.explain(request)
            let report = ExplanationReport(request, explanation)
            if connection.json { try connection.printJSON(report) } else { Output.line(report.text) }
        } catch { throw Failure.exit(for: error) }
    }

    private func described(_ installation: Installation) throws -> HypotheticalRequest {
        let action = try RequestText.action(self.action ?? "")
        let principal = try RequestText.principal(self.principal ?? "", installation)
        let resource =
            self.resource ?? (action.isAboutAuthority ? installation.authorityARNs.last ?? "*" : "*")
        var says = ConditionContext()
        if let template { try RequestText.set(template, installation, &says) }
        try RequestText.set(context, &says)
        let peer = installation.peer(of: principal.arn)
        return HypotheticalRequest(
            action, on: resource, by: Requester(principal, .process(peer), approvals: approvals),
            about: installation.facts(of: resource, for: action), saying: says, at: installation.now)
    }
}

/// The texts that describe a request.
enum RequestText {
    static func action(_ text: String) throws -> Action {
        guard let action = Action.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() })
        else {
            throw CommandFailure(
                message: "`\(text)` is not an action",
                hint: "write it as policies do: `acm-pca:IssueCertificate`", status: .usage)
        }
        return action
    }

    static func principal(_ text: String, _ installation: Installation) throws -> Principal {
        let all = installation.principals
        let found = all.filter { $0.arn.description == text || $0.arn.resource == text }
        guard found.count == 1 else {
            throw CommandFailure(
                message: found.isEmpty
                    ? "there is no principal `\(text)`" : "`\(text)` is more than one principal",
                hint: "the configuration has \(all.map(\.arn.description).joined(separator: ", "))",
                status: .notFound)
        }
        return found[0]
    }

    static func set(_ template: String, _ installation: Installation, _ says: inout ConditionContext) throws {
        let found = installation.templates.first { $0.arn == template || $0.name == template }
        guard found != nil || template.hasPrefix("arn:") else {
            throw CommandFailure(
                message: "there is no template `\(template)`", hint: "`signet template list` shows them",
                status: .notFound)
        }
        says.set("acm-pca:TemplateArn", found?.arn ?? template)
        if let isAuthority = found?.isAuthority { says.set("signet:IsCA", "\(isAuthority)") }
    }

    static func set(_ context: [String], _ says: inout ConditionContext) throws {
        for entry in context {
            guard let divide = entry.firstIndex(of: "=") else {
                throw CommandFailure(message: "`\(entry)` is not KEY=VALUE", hint: nil, status: .usage)
            }
            let key = String(entry[..<divide])
            guard ConditionKeyShape(key: key) != nil else {
                throw CommandFailure(
                    message: "there is no condition key `\(key)`", hint: "Docs/Policy.md lists them",
                    status: .notFound)
            }
            says[key] = (says[key] ?? []) + [String(entry[entry.index(after: divide)...])]
        }
    }
}
