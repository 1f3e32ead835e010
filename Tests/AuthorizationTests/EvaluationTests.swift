import Foundation
import JSON
import Testing

@testable import Authorization

struct EvaluationTests {
    /// A case of `Cases/*.json`.
    struct Case: Sendable, CustomTestStringConvertible {
        let members: JSONObject
        var testDescription: String { text("name") ?? "?" }

        func text(_ key: String) -> String? { members[key]?.stringValue }

        func policies(_ key: String, _ read: (JSONValue, String) throws -> Policy) throws -> [Policy]? {
            guard case .array(let documents)? = members[key] else { return nil }
            return try documents.enumerated().map { try read($1, "\(key)[\($0)]") }
        }

        func guardrails() throws -> [[Policy]]? {
            guard case .array(let levels)? = members["guardrails"] else { return nil }
            return try levels.enumerated().map { level, value in
                guard case .array(let documents) = value else { return [] }
                return try documents.enumerated().map {
                    try read(.guardrail, $1, "guardrails[\(level)][\($0)]")
                }
            }
        }

        var context: ConditionContext {
            var context = ConditionContext()
            guard case .object(let values)? = members["context"] else { return context }
            for (key, value) in values {
                if case .array(let list) = value { context[key] = list.compactMap(\.stringValue) }
            }
            return context
        }
    }

    static let cases: [Case] = {
        let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Cases")
        let files =
            (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil))
            ?? []
        return files.sorted { $0.path < $1.path }.flatMap { file -> [Case] in
            guard let data = FileManager.default.contents(atPath: file.path),
                case .array(let entries)? = try? JSONValue(parsing: data)
            else { return [] }
            return entries.compactMap {
                if case .object(let members) = $0 { Case(members: members) } else { nil }
            }
        }
    }()

    @Test func `the number of cases is the expected one`() {
        #expect(Self.cases.count >= 150)
        #expect(Set(Self.cases.map(\.testDescription)).count == Self.cases.count)
    }

    @Test(arguments: cases)
    func `a case is decided by the expected statement`(_ entry: Case) throws {
        let principal = try #require(entry.text("principal").flatMap { ARN($0) })
        let decision = Evaluation.decide(
            AuthorizationRequest(
                action: try #require(entry.text("action")).lowercased(),
                resource: try #require(entry.text("resource")), context: entry.context),
            by: principal, owner: entry.text("owner") ?? principal.account,
            PolicySet(
                identity: try entry.policies("identity") {
                    try read(.identity, $0, $1)
                } ?? [],
                boundary: try entry.policies("boundary") {
                    try read(.identity, $0, $1)
                },
                resource: try entry.policies("resourcePolicy") {
                    try read(.resource, $0, $1)
                } ?? [],
                guardrails: try entry.guardrails()))
        let expected = try #require(entry.text("expected"))
        switch decision {
        case .allowed(let statement):
            #expect(expected == "allow", "\(decision)")
            #expect(statement == entry.text("statement"))
        case .explicitlyDenied(let kind, let statement):
            #expect(expected == "explicit", "\(decision)")
            #expect("\(kind)" == entry.text("kind"))
            #expect(statement == entry.text("statement"))
        case .implicitlyDenied(let kind):
            #expect(expected == "implicit", "\(decision)")
            #expect("\(kind)" == entry.text("kind"))
        }
    }

    /// A policy as JSON for the naive evaluator, and parsed for the real one.
    private struct Read {
        let document: JSONValue
        let policy: Policy
    }

    @Test func `a naive evaluator agrees on 100,000 random policy sets`() throws {
        var random = RandomPolicies(seed: 20_261_125)
        // The random sets are drawn from these policies, to avoid parsing each time.
        let identities = try (0..<3000).map { _ in
            let document = random.policy(isResource: false)
            return Read(
                document: document, policy: try read(.identity, document, "i"))
        }
        let resources = try (0..<3000).map { _ in
            let document = random.policy(isResource: true)
            return Read(
                document: document, policy: try read(.resource, document, "r"))
        }
        var outcomes: [NaiveEvaluator.Outcome: Int] = [:]
        for _ in 0..<100_000 {
            let identity = (0..<random.count(2)).map { _ in random.pick(identities) }
            let boundary = random.chance(30) ? [random.pick(identities)] : nil
            let resource = random.chance(60) ? [random.pick(resources)] : []
            let guardrails =
                random.chance(30) ? [[random.pick(identities)], [random.pick(identities)]] : nil
            let question = random.question()
            let naive = NaiveEvaluator(question: question).decide(
                NaiveEvaluator.Policies(
                    guardrails: guardrails?.map { $0.map(\.document) }, identity: identity.map(\.document),
                    boundary: boundary?.map(\.document), resource: resource.map(\.document)))
            outcomes[naive, default: 0] += 1
            var context = ConditionContext()
            for (key, values) in question.context { context[key] = values }
            let decision = Evaluation.decide(
                AuthorizationRequest(
                    action: question.action.lowercased(), resource: question.resource, context: context),
                by: try #require(ARN(question.principal)), owner: question.owner,
                PolicySet(
                    identity: identity.map(\.policy), boundary: boundary?.map(\.policy),
                    resource: resource.map(\.policy), guardrails: guardrails?.map { $0.map(\.policy) }))
            let outcome: NaiveEvaluator.Outcome =
                switch decision {
                case .allowed: .allow
                case .explicitlyDenied: .explicit
                case .implicitlyDenied: .implicit
                }
            guard outcome == naive else {
                Issue.record(
                    "\(naive) but \(decision): \(question) \(identity) \(String(describing: boundary)) \(resource)"
                )
                return
            }
        }
        // Every outcome must be common, so that agreement is meaningful.
        #expect(outcomes.values.allSatisfy { $0 > 10_000 } && outcomes.count == 3, "\(outcomes)")
    }
}

/// Read as a stored policy, because these cases test decisions, including those of conditions that do not
/// distinguish requests.
private func read(_ form: PolicyReader.Form, _ document: JSONValue, _ name: String) throws -> Policy {
    try PolicyReader(name: name, form: form, isStored: true).policy(document)
}
