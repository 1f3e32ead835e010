internal import Authorization
internal import Foundation
internal import JSON
internal import StrictYAML
internal import Yams

/// Reads who is who, and the policies that say what for.
struct PrincipalReader {
    let faults: FaultList
    let directory: URL

    /// Nil when anything about it is wrong: half a map would leave somebody with the wrong name.
    func read(_ entries: [Node]) -> PrincipalMap? {
        let before = faults.faults.count
        var byUID: [UInt32: Principal] = [:]
        var byGID: [UInt32: Principal] = [:]
        for (index, entry) in entries.enumerated() {
            let mapping = StrictMapping(
                entry, path: "principals[\(index)]",
                known: ["uid", "gid", "arn", "policies", "boundary", "tags"],
                faults: faults)
            guard let principal = principal(mapping) else { continue }
            switch (mapping.has("uid"), mapping.has("gid")) {
            case (true, false):
                guard let text = mapping.text("uid") else { continue }
                guard let uid = Accounts.uid(text) else {
                    mapping.fault("there is no user `\(text)`", at: "uid")
                    continue
                }
                if byUID.updateValue(principal, forKey: uid) != nil {
                    mapping.fault("uid \(uid) is mapped twice", at: "uid")
                }
            case (false, true):
                guard let text = mapping.text("gid") else { continue }
                guard let gid = Accounts.gid(text) else {
                    mapping.fault("there is no group `\(text)`", at: "gid")
                    continue
                }
                if byGID.updateValue(principal, forKey: gid) != nil {
                    mapping.fault("gid \(gid) is mapped twice", at: "gid")
                }
            default: faults.add("`principals[\(index)]` must have either `uid` or `gid`", at: entry)
            }
        }
        return faults.faults.count == before ? PrincipalMap(byUID: byUID, byGID: byGID) : nil
    }

    private func principal(_ mapping: StrictMapping) -> Principal? {
        guard let text = mapping.text("arn") else { return nil }
        guard let arn = ARN(text), arn.service == "iam", arn.region.isEmpty,
            arn.account.wholeMatch(of: /[0-9]{12}/) != nil,
            arn.resource.hasPrefix("role/") || arn.resource.hasPrefix("user/")
        else {
            mapping.fault(
                "`\(text)` is not the ARN of a role or user, such as `arn:aws:iam::000000000000:role/issuer`",
                at: "arn")
            return nil
        }
        return Principal(
            arn: arn, policies: policies(mapping, "policies"),
            boundary: mapping.has("boundary") ? policies(mapping, "boundary") : nil, tags: tags(mapping))
    }

    private func policies(_ mapping: StrictMapping, _ key: String) -> [Policy] {
        mapping.list(key).compactMap { node in
            guard let path = node.scalar?.string else {
                faults.add("`\(mapping.name(key))` must hold paths of policy files", at: node)
                return nil
            }
            return policy(path, at: node)
        }
    }

    private func tags(_ mapping: StrictMapping) -> [String: String] {
        guard let node = mapping.node("tags") else { return [:] }
        var tags: [String: String] = [:]
        for (key, value) in node.mapping ?? [:] {
            guard let name = key.string, let text = value.scalar?.string, !name.isEmpty else {
                faults.add("`\(mapping.name("tags"))` holds names and texts", at: key)
                continue
            }
            // Keys of conditions are compared without regard to case.
            if tags.keys.contains(where: { $0.lowercased() == name.lowercased() }) {
                faults.add("the tag `\(name)` is there twice", at: key)
            }
            tags[name] = text
        }
        if node.mapping == nil { mapping.fault("`\(mapping.name("tags"))` must be a mapping", at: "tags") }
        return tags
    }

    private func policy(_ path: String, at node: Node) -> Policy? {
        let file = path.hasPrefix("/") ? URL(fileURLWithPath: path) : directory.appendingPathComponent(path)
        guard let data = FileManager.default.contents(atPath: file.path) else {
            faults.add("the policy file `\(path)` cannot be read", at: node)
            return nil
        }
        do {
            let document = try JSONValue(parsing: data)
            return try Policy(identityPolicy: document, name: file.lastPathComponent)
        } catch let fault as PolicyFault {
            faults.add(Fault(file: path, line: nil, message: fault.description))
        } catch let fault as JSONFault {
            faults.add(Fault(file: path, line: fault.line, message: "not valid JSON: \(fault.reason)"))
        } catch {
            faults.add(Fault(file: path, line: nil, message: "the policy cannot be used"))
        }
        return nil
    }
}
