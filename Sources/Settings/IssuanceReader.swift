internal import Authorization
internal import Foundation
internal import Issuance
internal import PKIX
internal import StrictYAML
internal import TrustedPaths
internal import Yams

/// Reads the operator's settings for issuance.
struct IssuanceReader {
    let faults: FaultList
    let absolute: (String) -> String
    /// The beginning of this daemon's ARNs.
    let prefix: String
    /// Its authorities; nil where the daemon's own naming is at fault.
    let resources: AuthorityARNs?
    let files: SourceFiles

    func read(_ top: StrictMapping) -> DaemonSettings.Issuance {
        guard top.has("issuance"),
            let entry = top.mapping(
                "issuance",
                known: [
                    "backdate-minutes", NotBeforeLimit.key, "authorities", "templates", "weak-keys",
                ])
        else { return DaemonSettings.Issuance() }
        var issuance = DaemonSettings.Issuance()
        issuance.backdateSeconds = backdate(entry, default: 60)
        issuance.longestNotBeforeSeconds = NotBeforeLimit.read(
            entry, backdate: issuance.backdateSeconds)
        if entry.has("authorities") { authorities(entry.list("authorities"), &issuance) }
        if entry.has("templates") { issuance.templates = templates(entry.list("templates")) }
        if entry.has("weak-keys") { issuance.knownWeakKeys = weakKeys(entry) }
        return issuance
    }

    private func backdate(_ entry: StrictMapping, default minutes: Int) -> Int64 {
        Int64(entry.number("backdate-minutes", default: minutes, in: 0...10_080)) * 60
    }

    private func authorities(_ nodes: [Node], _ issuance: inout DaemonSettings.Issuance) {
        for node in nodes {
            let entry = StrictMapping(
                node, path: "issuance.authorities", known: ["arn", "backdate-minutes", NotBeforeLimit.key],
                faults: faults)
            guard let text = entry.text("arn") else { continue }
            guard let arn = ARN(text), resources?.contains(text) ?? true else {
                entry.fault(
                    "`\(text)` is not the ARN of a certificate authority of this daemon (\(prefix)certificate-authority/UUID)",
                    at: "arn")
                continue
            }
            if !entry.has("backdate-minutes") {
                entry.fault("`issuance.authorities.backdate-minutes` is missing", at: "backdate-minutes")
            }
            let backdate = backdate(entry, default: 60)
            if issuance.backdates.updateValue(backdate, forKey: arn) != nil {
                entry.fault("`\(text)` is there twice", at: "arn")
            }
            issuance.longestNotBefores[arn] = NotBeforeLimit.read(entry, backdate: backdate)
        }
    }

    private func templates(_ nodes: [Node]) -> [CertificateTemplate] {
        var templates: [CertificateTemplate] = []
        for node in nodes {
            guard let path = node.scalar?.string else {
                faults.add("`issuance.templates` must hold paths of template files", at: node)
                continue
            }
            do throws(StrictYAMLError) {
                let file = absolute(path)
                if let fault = FileTrust.fault(ofFile: file) {
                    faults.add("the template file `\(path)` \(fault)", at: node)
                    continue
                }
                guard let data = files.read(file, named: path) else { throw .unreadable(file, named: path) }
                let template = try TemplateFile.parse(data, named: path)
                if templates.contains(where: { $0.name == template.name }) {
                    faults.add("the template \(template.name) is there twice", at: node)
                }
                templates.append(template)
            } catch {
                for fault in error.faults { faults.add(fault) }
            }
        }
        return templates
    }

    private func weakKeys(_ entry: StrictMapping) -> KnownWeakKeys {
        guard let path = entry.text("weak-keys") else { return .none }
        guard let data = files.read(absolute(path), named: path) else {
            entry.fault("the list of weak keys `\(path)` cannot be read", at: "weak-keys")
            return .none
        }
        do { return try KnownWeakKeys(list: String(decoding: data, as: UTF8.self)) } catch {
            entry.fault(
                "\(path):\(error.number): not the last twenty hexadecimal digits of a fingerprint",
                at: "weak-keys")
            return .none
        }
    }
}
