internal import Foundation
internal import StrictYAML
internal import TrustedPaths
internal import Yams

/// Reads the buckets of audit reports.
struct AuditReportReader {
    let faults: FaultList
    let purpose: DaemonSettings.Purpose

    func read(_ top: StrictMapping) -> DaemonSettings.AuditReports? {
        guard top.has("audit-reports"),
            let entry = top.mapping("audit-reports", known: ["buckets", "minimum-interval-minutes"])
        else { return nil }
        return DaemonSettings.AuditReports(
            buckets: buckets(entry),
            minimumIntervalMinutes: entry.number("minimum-interval-minutes", default: 30, in: 0...10_080))
    }

    private func buckets(_ entry: StrictMapping) -> [String: String] {
        guard let members = entry.node("buckets")?.mapping, !members.isEmpty else {
            entry.fault(
                "`audit-reports.buckets` must be a mapping of names to directories, with at least one",
                at: "buckets")
            return [:]
        }
        var buckets: [String: String] = [:]
        for (key, value) in members {
            let name = key.string ?? ""
            guard Self.isBucketName(name) else {
                faults.add(
                    "`\(name)` is not the name of a bucket: 3 to 63 lower-case letters, digits, `.` and `-`",
                    at: key)
                continue
            }
            guard let path = value.scalar?.string, path.hasPrefix("/") else {
                faults.add("`audit-reports.buckets.\(name)` must be an absolute path", at: value)
                continue
            }
            if purpose == .serving, let fault = Self.fault(path) {
                faults.add("the directory `\(path)` of the bucket `\(name)` \(fault)", at: value)
                continue
            }
            buckets[name] = path
        }
        return buckets
    }

    /// S3 User Guide, "Bucket naming rules"; the API takes 3 to 63 characters.
    static func isBucketName(_ name: String) -> Bool {
        name.wholeMatch(of: /[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/) != nil
    }

    /// What is wrong with the directory, completing "the directory …".
    static func fault(_ path: String) -> String? {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else {
            return "is not there; make it and give it to the daemon's user"
        }
        guard attributes[.type] as? FileAttributeType == .typeDirectory else { return "is a file" }
        if let fault = FileTrust.fault(ofFile: path) { return fault }
        // The kernel takes the bit from a directory when a user that is not in its group changes the mode
        // (chmod(2)), and the reports would then belong to another group than their readers'.
        let mode = (attributes[.posixPermissions] as? NSNumber)?.uint32Value ?? 0
        if mode & 0o2000 != 0, let gid = (attributes[.groupOwnerAccountID] as? NSNumber)?.uint32Value,
            !Accounts.mayGiveFiles(toGroup: gid)
        {
            return
                "gives reports to the group gid \(gid), of which the daemon's user is not a member; add it (`usermod --append --groups`)"
        }
        return nil
    }
}
