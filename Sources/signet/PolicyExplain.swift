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
    @Option(help: "A request that was made: its requestID, or the eventID of its event. Asks the daemon.")
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
                request = try await PastRequest(id: event, connection: connection).request(in: installation)
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

/// A request of the log.
private struct PastRequest {
    let id: String
    let connection: Connection

    func request(in installation: Installation) async throws -> HypotheticalRequest {
        var event: [String: Any] = [:]
        try await connection.run { client in
            let text = try await client.call(GetAuditEventOperation.self, .init(id: id)).event
            event = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        }
        let additional = event["additionalEventData"] as? [String: Any]
        guard let recorded = additional?["requestContext"] as? [String: [String]],
            let name = event["eventName"] as? String,
            let arn = (event["userIdentity"] as? [String: Any])?["arn"] as? String,
            let action = Action.allCases.first(where: { $0.rawValue.hasSuffix(":\(name)") })
        else {
            throw CommandFailure(
                message: "the event \(id) is not of a request that policies judged",
                hint: "its message says why it was refused: `signet audit show \(id)`")
        }
        if additional?["policyDigest"] as? String != installation.rulebook.digest {
            Output.note("note: it was decided by other policies than these files are now")
        }
        let parameters = event["requestParameters"] as? [String: Any]
        let resource =
            (parameters?["certificateAuthorityArn"] ?? parameters?["resourceArn"]) as? String
            ?? (((parameters?["request"] as? [String: Any])?["certificateAuthorityArn"] as? String) ?? "*")
        return try request(
            action, on: resource, by: arn, recorded, at: event["eventTime"] as? String ?? "", installation)
    }

    private func request(
        _ action: Action, on resource: String, by arn: String, _ recorded: [String: [String]],
        at time: String,
        _ installation: Installation
    ) throws -> HypotheticalRequest {
        let principal = try RequestText.principal(arn, installation)
        var says = ConditionContext()
        var facts = installation.facts(of: resource, for: action)
        for (key, values) in recorded {
            if key.hasPrefix("aws:resourcetag/") {
                facts.tags[String(key.dropFirst("aws:resourcetag/".count))] = values.first ?? ""
            } else {
                says[key] = values
            }
        }
        says.addNamesWithoutValue()
        let peer = Peer(
            pid: 1, uid: recorded["signet:peeruid"]?.first.flatMap { UInt32($0) } ?? .max - 1, gid: .max - 1,
            cgroup: recorded["signet:peerunit"]?.first.map { "/system.slice/\($0)" },
            executable: recorded["signet:peerexecutable"]?.first)
        let approvals = recorded["signet:approvalcount"]?.first.flatMap { Int($0) } ?? 0
        return HypotheticalRequest(
            action, on: resource, by: Requester(principal, .process(peer), approvals: approvals),
            about: facts,
            saying: says, at: Self.moment(time) ?? installation.now)
    }
}

extension PastRequest {
    fileprivate static func moment(_ text: String) -> CivilTime? {
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        return CivilTime(secondsSinceEpoch: Int64(date.timeIntervalSince1970))
    }
}

/// An explanation, for people and for machines.
struct ExplanationReport: Encodable {
    struct Part: Encodable {
        let effect: String
        let policy: String
        let statement: String
    }

    struct Nearest: Encodable {
        let policy: String
        let statement: String
        let lacks: [String]
    }

    let allowed: Bool
    let decision: String
    let principal: String
    let action: String
    let resource: String
    let parts: [Part]
    let nearest: Nearest?
    let approvalsNeeded: Int?
    let context: [String: [String]]

    init(_ request: HypotheticalRequest, _ explanation: Explanation) {
        allowed = explanation.judgement.isAllowed
        principal = request.requester.principal.arn.description
        action = request.action.rawValue
        resource = request.resource
        approvalsNeeded = explanation.judgement.approvalsNeeded
        decision =
            switch explanation.judgement.decision {
            case .allowed(let statement): "allowed by \(statement)"
            case .explicitlyDenied(let kind, let statement): "denied by \(statement), a \(kind.rawValue)"
            case .implicitlyDenied(let kind): "denied: no \(kind.rawValue) allows it"
            }
        parts = explanation.parts.map {
            Part(effect: $0.isDenial ? "Deny" : "Allow", policy: $0.kind.rawValue, statement: $0.statement)
        }
        nearest = explanation.nearest.map {
            Nearest(
                policy: $0.kind.rawValue, statement: $0.statement, lacks: $0.shortfalls.map(\.description))
        }
        context = Dictionary(explanation.context.entries.map { ($0.key, $0.values) }) { $1 }
    }

    var text: EscapedText { lines.joined(separator: "\n") }

    var lines: [EscapedText] {
        var lines: [EscapedText] = [
            "\(decision)", "", "  principal  \(principal)", "  action     \(action)",
            "  resource   \(resource)",
        ]
        if let approvalsNeeded { lines[0] += "; with \(approvalsNeeded) approvals it would be allowed" }
        for (key, values) in context.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(key) = \(values.isEmpty ? "(no value)" : values.joined(separator: ", "))")
        }
        if !parts.isEmpty {
            lines += ["", "statements that speak of it:"]
            lines += parts.map {
                "  \(EscapedText($0.effect).padded(to: 6, gap: 1))\($0.statement)  (\($0.policy))"
            }
        }
        if let nearest {
            lines += ["", "nearest that would allow it: \(nearest.statement)  (\(nearest.policy))"]
            lines += nearest.lacks.map { "  \($0)" as EscapedText }
        }
        return lines
    }
}
