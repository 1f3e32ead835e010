internal import ArgumentParser
internal import Authorization
internal import Foundation
internal import PolicyAnalysis
internal import StrictYAML
internal import VisibleText
internal import Yams

struct PolicyTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Judge requests of a file, and compare with what is expected of them.")

    @OptionGroup var connection: Connection
    @OptionGroup(title: "What decides") var options: PolicyOptions
    @Argument(help: "A YAML file; HSMConfig/policies/cases.yaml explains it.") var cases: String

    func run() async throws {
        var failures = 0
        do {
            let installation = try await options.installation(connection)
            let expectations = try ExpectationReader(installation: installation).read(cases)
            for expectation in expectations {
                let now = expectation.request.time
                let explanation = Authorizer(installation.rulebook) { now }.explain(expectation.request)
                guard let failure = expectation.failure(explanation) else { continue }
                failures += 1
                Output.line("FAILED  \(expectation.name): \(failure)")
                let report = ExplanationReport(expectation.request, explanation)
                Output.line(report.lines.map { "        \($0)" }.joined(separator: "\n"))
            }
            Output.line(
                "\(expectations.count - failures) of \(expectations.count) requests are judged as expected")
        } catch { throw Failure.exit(for: error) }
        if failures > 0 { throw ExitCode(1) }
    }
}

/// A request and its expected decision.
private struct Expectation {
    let name: String
    let request: HypotheticalRequest
    let isAllowed: Bool
    /// The deciding statement; nil for any.
    let statement: String?

    /// The difference from the expected decision; nil for none.
    func failure(_ explanation: Explanation) -> String? {
        let allowed = explanation.judgement.isAllowed
        guard allowed == isAllowed else { return allowed ? "it is allowed" : "it is denied" }
        guard let statement else { return nil }
        let deciding: String? =
            switch explanation.judgement.decision {
            case .allowed(let statement), .explicitlyDenied(_, let statement): statement
            case .implicitlyDenied: nil
            }
        return deciding == statement ? nil : "\(deciding ?? "no statement") decides, and not \(statement)"
    }
}

private struct ExpectationReader {
    let installation: Installation

    func read(_ path: String) throws -> [Expectation] {
        do {
            return try StrictFile.read(path) { node, _, faults in
                let top = StrictMapping(node, path: "", known: ["cases"], faults: faults)
                return top.list("cases").enumerated().compactMap { expectation($1, index: $0, faults) }
            }
        } catch {
            throw CommandFailure(
                message: "the cases cannot be used:\n\(error.text)",
                hint: "HSMConfig/policies/cases.yaml explains every key", status: .usage)
        }
    }

    private func expectation(_ node: Node, index: Int, _ faults: FaultList) -> Expectation? {
        let mapping = StrictMapping(
            node, path: "cases[\(index)]",
            known: [
                "name", "principal", "action", "resource", "template", "context", "approvals", "expect", "by",
            ], faults: faults)
        guard let name = mapping.text("name"), let who = mapping.text("principal"),
            let what = mapping.text("action"), let expected = mapping.text("expect")
        else { return nil }
        guard expected == "allow" || expected == "deny" else {
            mapping.fault("`expect` must be `allow` or `deny`", at: "expect")
            return nil
        }
        do {
            let request = try request(mapping, who: who, what: what)
            return Expectation(
                name: name, request: request, isAllowed: expected == "allow",
                statement: mapping.has("by") ? mapping.text("by") : nil)
        } catch {
            faults.add(
                "`\(mapping.path)`: \((error as? CommandFailure)?.message.text ?? "\(error)")", at: node)
            return nil
        }
    }

    private func request(_ mapping: StrictMapping, who: String, what: String) throws -> HypotheticalRequest {
        let principal = try RequestText.principal(who, installation)
        let action = try RequestText.action(what)
        let fresh = action.isAboutAuthority ? installation.authorityARNs.last ?? "*" : "*"
        let resource = mapping.text("resource", default: fresh) ?? fresh
        var says = ConditionContext()
        if mapping.has("template"), let template = mapping.text("template") {
            try RequestText.set(template, installation, &says)
        }
        for (key, value) in mapping.node("context")?.mapping ?? [:] {
            let values =
                value.scalar.map { [$0.string] } ?? (value.sequence ?? []).compactMap { $0.scalar?.string }
            guard let key = key.string, ConditionKeyShape(key: key) != nil else {
                throw CommandFailure(
                    message: "there is no condition key `\(key.string ?? "?")`", hint: nil, status: .notFound)
            }
            says[key] = values
        }
        let approvals = mapping.number("approvals", default: 0, in: 0...Authorizer.mostApprovals)
        let peer = installation.peer(of: principal.arn)
        return HypotheticalRequest(
            action, on: resource, by: Requester(principal, .process(peer), approvals: approvals),
            about: installation.facts(of: resource, for: action), saying: says, at: installation.now)
    }
}
