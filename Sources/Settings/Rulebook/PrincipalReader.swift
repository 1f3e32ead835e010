internal import Authorization
internal import StrictYAML
internal import Yams

/// Reads the principals, their bindings and their policies.
struct PrincipalReader {
    let faults: FaultList
    let files: PolicyFiles

    /// - Parameter rates: takes the rates of single principals
    func read(_ entries: [Node], quotas: QuotaReader, _ rates: inout RequestQuotas) -> PrincipalMap {
        var read: [(entry: PrincipalMap.Entry, written: StrictMapping)] = []
        var texts: [ARN: String] = [:]
        for (index, entry) in entries.enumerated() {
            let mapping = StrictMapping(
                entry, path: "principals[\(index)]",
                known: [
                    "uid", "gid", "unit", "cgroup", "executable", "arn", "policies", "boundary", "tags",
                    "rates",
                ],
                faults: faults)
            guard let principal = principal(mapping), let binding = binding(mapping, at: entry) else {
                continue
            }
            // The members of a group change outside of this file, and a process keeps its groups in a user
            // namespace.
            if binding.isGroupAlone, principal.canBeAllowed(.approveRequest) {
                mapping.fault(
                    "`gid` alone cannot tell an officer: the policies of \(principal.arn) allow signet:ApproveRequest; name the officer's `uid` as well, or take the action out",
                    at: "gid")
            }
            // All entries of a principal must have the same policies.
            let text = rights(mapping)
            if texts.updateValue(text, forKey: principal.arn).map({ $0 != text }) ?? false {
                mapping.fault(
                    "\(principal.arn) is there before, with other policies, boundary, tags or rates",
                    at: "arn")
            }
            for other in read
            where binding == other.entry.binding || binding.isAmbiguous(with: other.entry.binding) {
                let reason =
                    binding == other.entry.binding
                    ? "\(binding) is mapped twice"
                    : "\(binding) and \(other.entry.binding) of `\(other.written.path)` can be one process, and nothing says which goes first"
                faults.add("`principals[\(index)]`: \(reason)", at: entry)
            }
            for other in read {
                if let user = Self.memberOfBoth(binding, other.entry.binding) {
                    faults.add(
                        "`principals[\(index)]`: the user `\(user)` is in both groups, \(binding) and \(other.entry.binding) of `\(other.written.path)`, and would be neither",
                        at: entry)
                }
            }
            read.append((PrincipalMap.Entry(binding, principal), mapping))
            if mapping.has("rates") { rates.byPrincipal[principal.arn] = quotas.rates(mapping, "rates") }
            files.addToDigest("\(binding) = \(principal.arn)")
        }
        return PrincipalMap(read.map(\.entry))
    }

    /// A user that matches both of two bindings that differ only in the group.
    private static func memberOfBoth(_ one: Binding, _ other: Binding) -> String? {
        guard let first = one.gid, let second = other.gid, first != second else { return nil }
        var alike = other
        alike.gid = first
        guard alike == one else { return nil }
        return Accounts.members(first).intersection(Accounts.members(second)).min()
    }

    private func binding(_ mapping: StrictMapping, at entry: Node) -> Binding? {
        var binding = Binding()
        var isUsable = true
        func read(_ key: String, _ take: (String) -> String?) {
            guard mapping.has(key) else { return }
            guard let text = mapping.text(key) else { return isUsable = false }
            if let fault = take(text) {
                isUsable = false
                mapping.fault(fault, at: key)
            }
        }
        read("uid") { text in
            binding.uid = Accounts.uid(text)
            return binding.uid == nil ? "there is no user `\(text)`" : nil
        }
        read("gid") { text in
            binding.gid = Accounts.gid(text)
            return binding.gid == nil ? "there is no group `\(text)`" : nil
        }
        read("unit") { text in
            binding.unit = text
            return text.wholeMatch(of: /[A-Za-z0-9:_.\\@\-]+\.(service|scope|mount|swap|socket)/) == nil
                ? "`\(text)` is not the name of a systemd unit such as `issuer.service`" : nil
        }
        read("cgroup") { text in
            binding.cgroup = text
            return text.hasPrefix("/") && (text == "/" || !text.hasSuffix("/"))
                ? nil : "`\(text)` is not a control group such as `/system.slice/issuer.service`"
        }
        read("executable") { text in
            binding.executable = text
            return text.hasPrefix("/") ? nil : "`\(text)` is not an absolute path"
        }
        guard isUsable else { return nil }
        // A process can execute any program it may run, and pass its connection to another process: a program
        // narrows a binding by user, and proves nothing by itself.
        if binding.executable != nil, binding.uid == nil {
            mapping.fault(
                "`executable` goes with `uid` only: a program proves nothing without its user",
                at: "executable")
            return nil
        }
        guard !binding.isEmpty else {
            faults.add(
                "`\(mapping.path)` must have one of `uid`, `gid`, `unit`, `cgroup` and `executable` at least",
                at: entry)
            return nil
        }
        return binding
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
        files.read(mapping, key) { document, name throws(PolicyFault) in
            try Policy(identityPolicy: document, name: name, resources: files.resources)
        }
    }

    /// The policies, boundary, tags and rates of an entry as text, for comparison.
    private func rights(_ mapping: StrictMapping) -> String {
        ["policies", "boundary", "tags", "rates"].map { key in
            mapping.node(key).flatMap { try? Yams.serialize(node: $0) } ?? ""
        }.joined(separator: "\u{0}")
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
}
