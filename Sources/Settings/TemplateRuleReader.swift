internal import Issuance
internal import PKIX
internal import StrictYAML
internal import SwiftASN1
internal import Yams

/// Reads a template's rules for requests.
struct TemplateRuleReader {
    let top: StrictMapping
    let faults: FaultList

    func rules() -> TemplateRules {
        var rules = TemplateRules()
        rules.keys = keys()
        rules.longestValidities = longestValidities()
        rules.longestNotBefore = NotBeforeLimit.read(top, backdate: 0)
        if top.has("subject"),
            let subject = top.mapping("subject", known: ["required", "allowed", "values"])
        {
            rules.subject = subjectRule(subject)
        }
        if top.has("names"),
            let names = top.mapping(
                "names",
                known: ["required", "most", "wildcards"] + TemplateRules.Form.allCases.map(\.rawValue))
        {
            rules.names = namesRule(names)
        }
        return rules
    }

    private func keys() -> Set<SubjectKeyKind>? {
        guard top.has("keys") else { return nil }
        return Set(
            top.list("keys").compactMap { node in
                guard let kind = node.scalar.flatMap({ SubjectKeyKind(rawValue: $0.string) }) else {
                    faults.add(
                        "`keys` holds \(SubjectKeyKind.allCases.map(\.rawValue).joined(separator: ", "))",
                        at: node)
                    return nil
                }
                return kind
            })
    }

    private func longestValidities() -> [TemplateRules.LongestValidity] {
        guard top.has("longest-validity") else { return [] }
        let limits = top.list("longest-validity").map { node in
            let entry = StrictMapping(
                node, path: "longest-validity", known: ["from", "days"], faults: faults)
            if !entry.has("days") { entry.fault("`longest-validity.days` is missing", at: "days") }
            return TemplateRules.LongestValidity(
                from: entry.has("from") ? day(entry) : .min,
                days: Int64(entry.number("days", default: 1, in: 1...36_500)))
        }
        if zip(limits, limits.dropFirst()).contains(where: { $0.from >= $1.from }) {
            top.fault("the dates of `longest-validity` must ascend", at: "longest-validity")
        }
        return limits
    }

    /// The beginning of a day, UTC.
    private func day(_ entry: StrictMapping) -> Int64 {
        let numbers = entry.text("from")?.split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int($0) : nil }
        guard let numbers, numbers.count == 3, let year = numbers[0], let month = numbers[1],
            let day = numbers[2],
            let time = CivilTime(year: year, month: month, day: day, hours: 0, minutes: 0, seconds: 0)
        else {
            entry.fault("`longest-validity.from` must be a day such as 2026-03-15", at: "from")
            return 0
        }
        return time.secondsSinceEpoch
    }

    private func subjectRule(_ entry: StrictMapping) -> TemplateRules.SubjectRule {
        var rule = TemplateRules.SubjectRule()
        if entry.has("required") { rule.required = attributes(entry.list("required")) }
        if entry.has("allowed") { rule.allowed = attributes(entry.list("allowed")) }
        if let node = entry.node("values") {
            guard let mapping = node.mapping else {
                entry.fault("`subject.values` must be a mapping of attributes to values", at: "values")
                return rule
            }
            for (key, value) in mapping {
                guard let type = key.string.flatMap(AttributeName.type), let text = value.scalar?.string
                else {
                    faults.add("`subject.values` holds attributes such as `O: Example`", at: key)
                    continue
                }
                rule.values[type] = text
            }
        }
        return rule
    }

    private func attributes(_ nodes: [Node]) -> Set<ASN1ObjectIdentifier> {
        Set(
            nodes.compactMap { node in
                guard let type = node.scalar.flatMap({ AttributeName.type($0.string) }) else {
                    faults.add(
                        "a subject attribute is one of \(AttributeName.known.map(\.name).joined(separator: ", ")), or an object identifier",
                        at: node)
                    return nil
                }
                return type
            })
    }

    private func namesRule(_ entry: StrictMapping) -> TemplateRules.NamesRule {
        var rule = TemplateRules.NamesRule()
        rule.isRequired = entry.boolean("required", default: false)
        if entry.has("most") { rule.most = entry.number("most", default: 1, in: 1...150) }
        rule.allowsWildcards = entry.boolean("wildcards", default: false)
        var patterns: [TemplateRules.Form: [String]] = [:]
        for form in TemplateRules.Form.allCases where entry.has(form.rawValue) {
            patterns[form] = entry.list(form.rawValue).compactMap { node in
                guard let text = node.scalar?.string, !text.isEmpty else {
                    faults.add("`names.\(form.rawValue)` holds patterns", at: node)
                    return nil
                }
                if form == .ip, IPAddress.range(text) == nil {
                    faults.add("`names.ip` holds ranges such as 10.0.0.0/8", at: node)
                }
                return text
            }
        }
        if !patterns.isEmpty { rule.patterns = patterns }
        return rule
    }
}
