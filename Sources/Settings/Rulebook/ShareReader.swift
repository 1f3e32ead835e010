internal import Authorization
internal import StrictYAML
internal import Yams

/// Reads the shares: authority, principals and permissions.
struct ShareReader {
    let faults: FaultList
    let files: PolicyFiles
    let prefix: String

    func read(_ entries: [Node]) -> [ARN: [Policy]] {
        var shares: [ARN: [Policy]] = [:]
        for (index, entry) in entries.enumerated() {
            let share = StrictMapping(
                entry, path: "shares[\(index)]", known: ["authority", "with", "permissions"], faults: faults)
            guard let text = share.text("authority") else { continue }
            guard text.hasPrefix(prefix + "certificate-authority/"), let authority = ARN(text) else {
                share.fault(
                    "`\(text)` is not the ARN of an authority of this daemon: \(prefix)…", at: "authority")
                continue
            }
            let principals = share.list("with").compactMap { node -> String? in
                if node.scalar == nil {
                    faults.add("`\(share.name("with"))` must hold accounts and ARNs", at: node)
                }
                return node.scalar?.string
            }
            if let resources = files.resources, !resources.contains(text) {
                share.fault(
                    "`\(text)` is not the whole ARN of one certificate authority: \(prefix)certificate-authority/UUID",
                    at: "authority")
                continue
            }
            for permission in permissions(share) {
                do {
                    shares[authority, default: []].append(
                        try permission.policy(
                            sharing: text, with: principals, resources: files.resources))
                } catch { share.fault("the share cannot be made: \(error)", at: "with") }
            }
        }
        return shares
    }

    private func permissions(_ share: StrictMapping) -> [SharePermission] {
        share.list("permissions").compactMap { node in
            guard let name = node.scalar?.string else {
                faults.add(
                    "`\(share.name("permissions"))` must hold names of AWS's permissions or paths", at: node)
                return nil
            }
            if let managed = SharePermission.managed.first(where: { $0.name == name }) { return managed }
            guard name.hasSuffix(".json") else {
                faults.add(
                    "there is no permission `\(name)`; AWS's are \(SharePermission.managed.map(\.name).joined(separator: ", ")), and one of your own is a `.json` file",
                    at: node)
                return nil
            }
            return files.read(name, at: node) { document, name throws(PolicyFault) in
                try SharePermission(document, name: name)
            }
        }
    }
}
