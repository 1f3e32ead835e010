internal import Authorization
internal import Foundation
internal import StrictYAML
internal import Yams

/// Reads all authorization rules of a configuration.
struct RulebookReader {
    /// The top-level keys that it reads.
    static let keys = ["principals", "organization", "shares", "quotas"]

    let faults: FaultList
    let directory: URL
    /// The beginning of the ARNs of this daemon's authorities.
    let prefix: String
    /// Nil when the daemon's ARNs cannot be determined from the configuration.
    let resources: AuthorityARNs?
    let files: SourceFiles

    /// Nil when there is any fault, because an incomplete rulebook could give a principal the permissions of
    /// another.
    func read(_ top: StrictMapping) -> Rulebook? {
        let before = faults.faults.count
        let files = PolicyFiles(
            faults: faults, directory: directory, files: self.files, resources: resources)
        for key in Self.keys {
            files.addToDigest(key)
            if let node = top.node(key), let text = try? Yams.serialize(node: node) {
                files.addToDigest(text)
            }
        }
        files.addToDigest(prefix)
        let reader = QuotaReader(faults: faults)
        var quotas = reader.read(top)
        let principals = PrincipalReader(faults: faults, files: files).read(
            top.list("principals"), quotas: reader, &quotas)
        let organization =
            top.has("organization") ? OrganizationReader(faults: faults, files: files).read(top) : .none
        let shares =
            top.has("shares")
            ? ShareReader(faults: faults, files: files, prefix: prefix).read(top.list("shares")) : [:]
        guard faults.faults.count == before else { return nil }
        return Rulebook(
            principals: principals, organization: organization, shares: shares, quotas: quotas,
            digest: files.digest)
    }
}
