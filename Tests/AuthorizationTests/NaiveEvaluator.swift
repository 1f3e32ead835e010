import Foundation
import JSON

/// A second evaluator, written from IAM's rules over JSON without any code of the real one. It is slow and as
/// plain as the rules allow. It knows the elements that ``RandomPolicies`` generates.
struct NaiveEvaluator {
    struct Question {
        let principal: String
        let account: String
        let owner: String
        let action: String
        let resource: String
        let context: [String: [String]]
    }

    struct Policies {
        var guardrails: [[JSONValue]]?
        var identity: [JSONValue]
        var boundary: [JSONValue]?
        var resource: [JSONValue]
    }

    enum Outcome: String {
        case allow
        case explicit
        case implicit
    }

    let question: Question

    func decide(_ policies: Policies) -> Outcome {
        let everything =
            (policies.guardrails ?? []).flatMap { $0 } + policies.identity + (policies.boundary ?? [])
        if everything.contains(where: { speaks($0, "Deny", isResource: false) }) { return .explicit }
        let isBounded = policies.boundary != nil
        if policies.resource.contains(where: { speaks($0, "Deny", isResource: true, isBounded: isBounded) }) {
            return .explicit
        }
        for level in policies.guardrails ?? []
        where !level.contains(where: { speaks($0, "Allow", isResource: false) }) {
            return .implicit
        }
        let byIdentity = policies.identity.contains { speaks($0, "Allow", isResource: false) }
        let byBoundary =
            policies.boundary.map { $0.contains { speaks($0, "Allow", isResource: false) } } ?? true
        let byResource = policies.resource.contains { speaks($0, "Allow", isResource: true) }
        let byName = policies.resource.contains { speaks($0, "Allow", isResource: true, directly: true) }
        let isUser = question.principal.contains(":user/")
        if question.account == question.owner {
            if byName, byBoundary || isUser { return .allow }
            return byIdentity && byBoundary ? .allow : .implicit
        }
        return byIdentity && byBoundary && byResource ? .allow : .implicit
    }

    private func speaks(
        _ policy: JSONValue, _ effect: String, isResource: Bool, directly: Bool = false,
        isBounded: Bool = false
    ) -> Bool {
        guard case .object(let document) = policy, case .array(let statements)? = document["Statement"] else {
            return false
        }
        return statements.contains { statement in
            guard case .object(let members) = statement, members["Effect"] == .string(effect) else {
                return false
            }
            let isAlways = isBounded && members["NotPrincipal"] != nil
            if isResource, !isAlways, !names(members, directly: directly) { return false }
            return isAbout(members)
        }
    }

    private func names(_ members: JSONObject, directly: Bool) -> Bool {
        func isNamed(_ value: JSONValue, directly: Bool) -> Bool {
            if value == "*" { return true }
            guard case .object(let kinds) = value, let list = kinds["AWS"] else { return false }
            return texts(list).contains { text in
                text == "*" || text == question.principal
                    || (!directly
                        && (text == question.account || text == "arn:aws:iam::\(question.account):root"))
            }
        }
        if let value = members["NotPrincipal"] {
            if isNamed(value, directly: true) { return false }
            guard isNamed(value, directly: false), case .object(let kinds) = value, let list = kinds["AWS"]
            else {
                return true
            }
            // NotPrincipal with an account and one of its principals exempts no other principal.
            return texts(list).contains {
                $0.hasPrefix("arn:aws:iam::\(question.account):") && !$0.hasSuffix(":root")
            }
        }
        return members["Principal"].map { isNamed($0, directly: directly) } ?? false
    }

    private func isAbout(_ members: JSONObject) -> Bool {
        let action = question.action.lowercased()
        if let list = members["Action"] {
            guard texts(list).contains(where: { like(action, $0.lowercased()) }) else { return false }
        } else if let list = members["NotAction"] {
            guard !texts(list).contains(where: { like(action, $0.lowercased()) }) else { return false }
        }
        if let list = members["Resource"] {
            guard texts(list).contains(where: { expand($0).map { like(question.resource, $0) } == true })
            else { return false }
        } else if let list = members["NotResource"] {
            for text in texts(list) {
                if let pattern = expand(text), like(question.resource, pattern) { return false }
            }
        }
        guard case .object(let operators)? = members["Condition"] else { return true }
        return operators.allSatisfy { name, block in
            guard case .object(let keys) = block else { return false }
            return keys.allSatisfy { key, values in holds(name, key, texts(values)) }
        }
    }

    private func holds(_ operatorName: String, _ key: String, _ values: [String]) -> Bool {
        let given = question.context.first { $0.key.lowercased() == key.lowercased() }?.value
        if operatorName == "Null" { return values.contains { ($0 == "true") == (given?.isEmpty ?? true) } }
        var name = operatorName
        let isOptional = name.hasSuffix("IfExists")
        if isOptional { name = String(name.dropLast(8)) }
        let forAll = name.hasPrefix("ForAllValues:")
        let forAny = name.hasPrefix("ForAnyValue:")
        if let colon = name.firstIndex(of: ":") { name = String(name[name.index(after: colon)...]) }
        let isNegated = name.contains("Not")
        guard let given else { return isOptional || forAll || (isNegated && !forAny) }
        func matches(_ value: String) -> Bool {
            let results = values.map { one(name.replacingOccurrences(of: "Not", with: ""), value, $0) }
            return isNegated ? results.allSatisfy { $0 == false } : results.contains(true)
        }
        if forAll { return given.allSatisfy(matches) }
        if forAny { return given.contains(where: matches) }
        return given.count == 1 && matches(given[0])
    }

    /// Nil if neither the operator nor its negation can be decided.
    private func one(_ name: String, _ value: String, _ expected: String) -> Bool? {
        switch name {
        case "StringEquals": return expand(expected, keepsWildcards: true).map { value == plain($0) } ?? false
        case "StringEqualsIgnoreCase":
            return expand(expected, keepsWildcards: true).map { value.lowercased() == plain($0).lowercased() }
                ?? false
        case "StringLike": return expand(expected).map { like(value, $0) } ?? false
        case "ArnLike", "ArnEquals":
            return expand(expected).map { pattern in
                let patterns = pattern.components(separatedBy: ":")
                let parts = value.components(separatedBy: ":")
                guard parts.count >= 6 else { return false }
                let head = zip(parts.prefix(5), patterns.prefix(5)).allSatisfy { like($0, $1) }
                return head
                    && like(
                        parts.dropFirst(5).joined(separator: ":"),
                        patterns.dropFirst(5).joined(separator: ":"))
            }
        case "Bool":
            return ["true", "false"].contains(value.lowercased()) ? value.lowercased() == expected : nil
        default:
            guard let number = Double(value), let limit = Double(expected) else { return nil }
            switch name {
            case "NumericEquals": return number == limit
            case "NumericLessThan": return number < limit
            case "NumericLessThanEquals": return number <= limit
            case "NumericGreaterThan": return number > limit
            case "NumericGreaterThanEquals": return number >= limit
            default: return nil
            }
        }
    }

    // Wildcards in a variable's value are marked, so that they stay literal.
    private static let star = "\u{1}"
    private static let mark = "\u{2}"

    private func plain(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 3 }) else { return text }
        return text.replacingOccurrences(of: Self.star, with: "*")
            .replacingOccurrences(of: Self.mark, with: "?")
    }

    /// The text with its variables replaced; nil if a variable has no value.
    private func expand(_ text: String, keepsWildcards: Bool = false) -> String? {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result = ""
        var rest = text
        while let start = rest.range(of: "${") {
            result += rest[..<start.lowerBound]
            guard let end = rest.range(of: "}", range: start.upperBound..<rest.endIndex) else { return nil }
            let inside = String(rest[start.upperBound..<end.lowerBound])
            rest = String(rest[end.upperBound...])
            var value = inside
            if !["*", "?", "$"].contains(inside) {
                let parts = inside.components(separatedBy: ", ")
                let given = question.context.first { $0.key.lowercased() == parts[0].lowercased() }?.value
                    .first
                let fallback = parts.count > 1 ? String(parts[1].dropFirst().dropLast()) : nil
                guard let known = given ?? fallback else { return nil }
                value = known
            }
            result += value.replacingOccurrences(of: "*", with: Self.star)
                .replacingOccurrences(of: "?", with: Self.mark)
        }
        return result + rest
    }

    /// IAM's wildcards, by exhaustive search.
    private func like(_ text: String, _ pattern: String) -> Bool {
        // The words of the random policies are ASCII.
        func match(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
            guard let first = pattern.first else { return text.isEmpty }
            switch first {
            case UInt8(ascii: "*"):
                return (0...text.count).contains { match(text.dropFirst($0), pattern.dropFirst()) }
            case UInt8(ascii: "?"): return !text.isEmpty && match(text.dropFirst(), pattern.dropFirst())
            case 1: return text.first == UInt8(ascii: "*") && match(text.dropFirst(), pattern.dropFirst())
            case 2: return text.first == UInt8(ascii: "?") && match(text.dropFirst(), pattern.dropFirst())
            default: return text.first == first && match(text.dropFirst(), pattern.dropFirst())
            }
        }
        return match(Array(text.utf8)[...], Array(pattern.utf8)[...])
    }

    private func texts(_ value: JSONValue) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let list): list.compactMap(\.stringValue)
        default: []
        }
    }
}
