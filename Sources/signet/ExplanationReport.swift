internal import Authorization
internal import VisibleText

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
        /// Whether the statement speaks of the request's action.
        let isOfAction: Bool

        private enum CodingKeys: CodingKey { case policy, statement, lacks }
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
                policy: $0.kind.rawValue, statement: $0.statement, lacks: $0.shortfalls.map(\.description),
                isOfAction: !$0.shortfalls.contains { if case .action = $0 { true } else { false } })
        }
        context = Dictionary(explanation.context.entries.map { ($0.key, $0.values) }) { $1 }
    }

    /// The decision, and what the nearest statement that speaks of the action lacks.
    var summary: EscapedText {
        var lines: [EscapedText] = ["\(decision)"]
        if let approvalsNeeded { lines[0] += "; with \(approvalsNeeded) approvals it would be allowed" }
        if let nearest, nearest.isOfAction {
            lines.append("nearest that would allow it: \(nearest.statement)  (\(nearest.policy))")
            lines += nearest.lacks.map { "  \($0)" as EscapedText }
        }
        return lines.joined(separator: "\n")
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
