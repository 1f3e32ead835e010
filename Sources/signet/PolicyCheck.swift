internal import ArgumentParser
internal import Authorization
internal import Foundation
internal import PolicyAnalysis
internal import VisibleText

struct PolicyCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Try to show that assertions about the policies are wrong.",
        discussion: """
            For each assertion requests are made up, one for every combination of answers that the conditions of the \
            policies can give, and judged by the daemon's own code. One that is allowed and should not be is printed, and \
            the exit status is 1. One that could not be tried in full is undecided, and fails too. What a pass says: none \
            of the requests that were tried goes through, and policies tell no others apart.
            """)

    @OptionGroup var connection: Connection
    @OptionGroup(title: "What decides") var options: PolicyOptions
    @Argument(help: "A YAML file; HSMConfig/policies/assertions.yaml explains it.") var assertions: String
    @Option(help: "How many requests to try for one assertion at most.") var most = 1_000_000

    func run() async throws {
        let results: [AssertionResult]
        do {
            let installation = try await options.installation(connection)
            let check = AssertionCheck(installation, most: most)
            results = try AssertionReader.read(assertions).map { check.result(of: $0) }
        } catch { throw Failure.exit(for: error) }
        let reports = results.map(AssertionReport.init)
        if connection.json {
            try connection.printJSON(reports)
        } else {
            Output.line(reports.map(\.text).joined(separator: "\n"))
        }
        if reports.contains(where: { $0.outcome != "held" }) { throw ExitCode(1) }
    }
}

/// The result of an assertion.
private struct AssertionReport: Encodable {
    struct Request: Encodable {
        let principal: String
        let action: String
        let resource: String
        let approvals: Int
        let context: [String: [String]]
        let allowedBy: String
    }

    let assertion: String
    /// `held`, `broken` or `undecided`
    let outcome: String
    let tried: Int
    let reason: String?
    let counterExample: Request?

    init(_ result: AssertionResult) {
        assertion = result.assertion.name
        tried = result.tried
        switch result.outcome {
        case .held: (outcome, reason, counterExample) = ("held", nil, nil)
        case .undecided(let why): (outcome, reason, counterExample) = ("undecided", why, nil)
        case .broken(let found):
            (outcome, reason) = ("broken", nil)
            counterExample = Request(
                principal: found.request.requester.principal.arn.description,
                action: found.request.action.rawValue,
                resource: found.request.resource, approvals: found.request.requester.approvals,
                context: Dictionary(found.request.context.entries.map { ($0.key, $0.values) }) { $1 },
                allowedBy: found.statement)
        }
    }

    var text: EscapedText {
        switch outcome {
        case "held": return "ok         \(assertion) (\(tried) requests)"
        case "undecided": return "UNDECIDED  \(assertion): \(reason ?? "")"
        default: break
        }
        guard let request = counterExample else { return "" }
        var lines: [EscapedText] = [
            "BROKEN     \(assertion): this request goes through, by \(request.allowedBy)",
            "             principal  \(request.principal)", "             action     \(request.action)",
            "             resource   \(request.resource)",
        ]
        for (key, values) in request.context.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "             \(key) = \(values.isEmpty ? "(no value)" : values.joined(separator: ", "))")
        }
        return lines.joined(separator: "\n")
    }
}
