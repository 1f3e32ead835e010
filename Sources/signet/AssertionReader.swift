internal import Authorization
internal import Foundation
internal import PKIX
internal import PolicyAnalysis
internal import StrictYAML
internal import VisibleText
internal import Yams

/// Reads assertions about the policies.
struct AssertionReader {
    let faults: FaultList

    static func read(_ path: String) throws -> [Assertion] {
        do {
            return try StrictFile.read(path) { node, _, faults in
                let top = StrictMapping(node, path: "", known: ["assertions"], faults: faults)
                let reader = AssertionReader(faults: faults)
                let entries = top.list("assertions")
                return entries.enumerated().compactMap { reader.assertion($1, index: $0) }
            }
        } catch {
            throw CommandFailure(
                message: "the assertions cannot be used:\n\(error.text)",
                hint: "HSMConfig/policies/assertions.yaml explains every key", status: .usage)
        }
    }

    private func assertion(_ node: Node, index: Int) -> Assertion? {
        let mapping = StrictMapping(
            node, path: "assertions[\(index)]",
            known: [
                "name", "nobody-but", "principals", "can", "cannot", "only", "authorities", "templates",
                "approvals-below",
            ], faults: faults)
        guard let name = mapping.text("name"), let subject = subject(mapping, node),
            let (actions, claim) = claim(mapping, node)
        else { return nil }
        return Assertion(
            name: name, subject: subject, actions: actions, claim: claim,
            authorities: mapping.has("authorities") ? patterns(mapping, "authorities") : nil,
            templates: mapping.has("templates") ? patterns(mapping, "templates") : nil,
            approvalsBelow: mapping.number(
                "approvals-below", default: Authorizer.mostApprovals + 1,
                in: 1...(Authorizer.mostApprovals + 1)))
    }

    private func subject(_ mapping: StrictMapping, _ node: Node) -> Assertion.Subject? {
        switch (mapping.has("nobody-but"), mapping.has("principals")) {
        case (true, false): return .allExcept(patterns(mapping, "nobody-but"))
        case (false, true): return .principals(patterns(mapping, "principals"))
        default:
            faults.add("`\(mapping.path)` must have either `nobody-but` or `principals`", at: node)
            return nil
        }
    }

    /// `nobody-but … can`, `principals … cannot`, `principals … can … only`.
    private func claim(_ mapping: StrictMapping, _ node: Node) -> ([Action], Assertion.Claim)? {
        switch (mapping.has("can"), mapping.has("cannot"), mapping.has("only")) {
        case (true, false, true):
            if mapping.has("nobody-but") { break }
            return (actions(mapping, "can"), .only(rules(mapping)))
        case (true, false, false):
            if !mapping.has("nobody-but") { break }
            return (actions(mapping, "can"), .cannot)
        case (false, true, false):
            if mapping.has("nobody-but") { break }
            return (actions(mapping, "cannot"), .cannot)
        default: break
        }
        faults.add(
            "`\(mapping.path)` must say `nobody-but` and `can`, or `principals` and `cannot`, or `principals`, `can` and `only`",
            at: node)
        return nil
    }

    private func actions(_ mapping: StrictMapping, _ key: String) -> [Action] {
        texts(mapping, key).flatMap { text, node -> [Action] in
            let pattern = TextPattern(like: text.lowercased())
            let found = Action.allCases.filter { pattern.matches($0.rawValue.lowercased()) }
            if found.isEmpty { faults.add("`\(text)` matches no action there is", at: node) }
            return found
        }
    }

    private func patterns(_ mapping: StrictMapping, _ key: String) -> [TextPattern] {
        // A text that is not an ARN matches the end of one: `role/issuer`, `*CACertificate*`.
        texts(mapping, key).map { text, _ in TextPattern(like: text.hasPrefix("arn:") ? text : "*\(text)") }
    }

    private func texts(_ mapping: StrictMapping, _ key: String) -> [(String, Node)] {
        guard let node = mapping.node(key) else { return [] }
        if let text = node.scalar?.string { return [(text, node)] }
        return mapping.list(key).compactMap { node in
            if node.scalar == nil { faults.add("`\(mapping.name(key))` must hold texts", at: node) }
            return node.scalar.map { ($0.string, node) }
        }
    }

    private func rules(_ mapping: StrictMapping) -> [ValueRule] {
        guard let members = mapping.node("only")?.mapping else {
            mapping.fault(
                "`\(mapping.name("only"))` must be a mapping of condition keys to values", at: "only")
            return []
        }
        return members.compactMap { name, value -> ValueRule? in
            guard let key = name.string, let shape = ConditionKeyShape(key: key) else {
                faults.add("there is no condition key `\(name.string ?? "?")`", at: name)
                return nil
            }
            let entries =
                value.scalar.map { [($0.string, value)] }
                ?? (value.sequence ?? []).compactMap { node in
                    node.scalar.map { ($0.string, node) }
                }
            guard !entries.isEmpty else {
                faults.add("`\(key)` must hold at least one text", at: value)
                return nil
            }
            let missing = entries.contains { $0.0 == "none" }
            return ValueRule(
                key: key,
                allowed: entries.filter { $0.0 != "none" }.compactMap { allowed($0.0, shape, at: $0.1) },
                mayBeMissing: missing)
        }
    }

    /// A pattern; for numbers `1` or `1-90`, for addresses a range.
    private func allowed(_ text: String, _ shape: ConditionKeyShape, at node: Node) -> ValueRule.Allowed? {
        switch shape.kind {
        case .number:
            let parts = text.split(separator: "-", maxSplits: 1).map { Double($0) }
            if let low = parts.first ?? nil, let high = parts.last ?? nil, low <= high {
                return .numbers(low...high)
            }
            faults.add("`\(text)` is neither a number nor a range such as `1-90`", at: node)
            return nil
        case .address:
            if let range = IPAddress.range(text) { return .range(range) }
            faults.add("`\(text)` is not a range of addresses such as `192.0.2.0/24`", at: node)
            return nil
        case .any, .text, .arn, .moment, .boolean: return .like(TextPattern(like: text))
        }
    }
}
