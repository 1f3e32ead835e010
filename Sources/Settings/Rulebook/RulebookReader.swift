internal import Authorization
internal import Foundation
internal import StrictYAML
internal import Yams

/// Reads everything a configuration says about who may do what.
struct RulebookReader {
    /// The keys of the top that it reads.
    static let keys = ["principals", "organization", "shares", "quotas"]

    let faults: FaultList
    let directory: URL
    /// What the ARNs of this daemon's authorities begin with.
    let prefix: String
    /// Nil when the configuration does not say whose ARNs the daemon makes.
    let resources: AuthorityARNs?
    let files: SourceFiles

    /// Nil when anything about it is wrong: half a rulebook could give a principal the rights of another.
    func read(_ top: StrictMapping) -> Rulebook? {
        let before = faults.faults.count
        let files = PolicyFiles(
            faults: faults, directory: directory, files: self.files, resources: resources)
        for key in Self.keys {
            files.seal(key)
            if let node = top.node(key), let text = try? Yams.serialize(node: node) { files.seal(text) }
        }
        files.seal(prefix)
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
