internal import Authorization
internal import StrictYAML
internal import Yams

/// Reads the rates of principals.
struct QuotaReader {
    let faults: FaultList

    func read(_ top: StrictMapping) -> RequestQuotas {
        guard top.has("quotas") else { return .standard }
        guard let quotas = top.mapping("quotas", known: ["preset", "rates", "otherwise"]) else {
            return .none
        }
        var read = RequestQuotas()
        switch quotas.text("preset", default: "standard") {
        case "standard": read = .standard
        case "aws": read.rates = RequestQuotas.aws
        case "none", nil: break
        default: quotas.fault("`quotas.preset` must be `standard`, `aws` or `none`", at: "preset")
        }
        read.rates.merge(rates(quotas, "rates")) { _, own in own }
        if quotas.has("otherwise") {
            read.otherwise = rate(quotas.node("otherwise"), quotas.name("otherwise"))
        }
        return read
    }

    /// A mapping of actions to requests a second.
    func rates(_ mapping: StrictMapping, _ key: String) -> [Action: Double] {
        guard let node = mapping.node(key) else { return [:] }
        guard let members = node.mapping else {
            mapping.fault("`\(mapping.name(key))` must be a mapping of actions to requests a second", at: key)
            return [:]
        }
        var rates: [Action: Double] = [:]
        for (name, value) in members {
            guard let action = name.string.flatMap(Action.init) else {
                faults.add(
                    "`\(name.string ?? "?")` is not an action such as `acm-pca:IssueCertificate`", at: name)
                continue
            }
            rates[action] = rate(value, "\(mapping.name(key)).\(action.rawValue)")
        }
        return rates
    }

    private func rate(_ node: Node?, _ name: String) -> Double? {
        guard let text = node?.scalar?.string, let rate = Double(text), rate >= 0.001, rate <= 1_000_000
        else {
            faults.add("`\(name)` must be requests a second, 0.001 to 1000000", at: node)
            return nil
        }
        return rate
    }
}
