internal import Authorization
internal import StrictYAML
internal import Yams

/// Reads the tree of units and accounts, and the guardrails at each place in it.
struct OrganizationReader {
    let faults: FaultList
    let files: PolicyFiles

    func read(_ top: StrictMapping) -> Organization {
        guard let root = top.mapping("organization", known: ["id", "guardrails", "accounts", "units"]) else {
            return .none
        }
        var levels: [String: [[Policy]]] = [:]
        read(root, below: [], into: &levels)
        let id = root.has("id") ? root.text("id") : nil
        // AWS Organizations API reference, Organization.
        if let id, id.wholeMatch(of: /o-[a-z0-9]{10,32}/) == nil {
            root.fault("`\(id)` is not the id of an organization such as `o-a1b2c3d4e5`", at: "id")
        }
        return Organization(id: id, levels: levels)
    }

    private func read(_ unit: StrictMapping, below above: [[Policy]], into levels: inout [String: [[Policy]]])
    {
        // As in AWS, every unit must have a policy. A unit without one would silently deny everything.
        let levelsHere = above + [guardrails(unit)]
        if unit.has("accounts") {
            for (index, node) in unit.list("accounts").enumerated() {
                let account = StrictMapping(
                    node, path: "\(unit.name("accounts"))[\(index)]", known: ["id", "guardrails"],
                    faults: faults)
                guard let id = account.text("id") else { continue }
                if id.wholeMatch(of: /[0-9]{12}/) == nil {
                    account.fault("`\(id)` is not an account: twelve digits", at: "id")
                }
                let own = account.has("guardrails") ? [guardrails(account)] : []
                if levels.updateValue(levelsHere + own, forKey: id) != nil {
                    account.fault("the account \(id) stands in the organization twice", at: "id")
                }
            }
        }
        guard unit.has("units") else { return }
        for (index, node) in unit.list("units").enumerated() {
            let child = StrictMapping(
                node, path: "\(unit.name("units"))[\(index)]",
                known: ["name", "guardrails", "accounts", "units"],
                faults: faults)
            _ = child.text("name")
            read(child, below: levelsHere, into: &levels)
        }
    }

    private func guardrails(_ place: StrictMapping) -> [Policy] {
        guard place.has("guardrails") else {
            place.fault("a unit needs `guardrails`: one that allows everything, at least", at: "guardrails")
            return []
        }
        return files.read(place, "guardrails") { document, name throws(PolicyFault) in
            try Policy(guardrail: document, name: name, resources: files.resources)
        }
    }
}
