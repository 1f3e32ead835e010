internal import Authorization
internal import Foundation
internal import StrictYAML
internal import TokenProtocol
internal import TokenSettings
internal import TrustedPaths
internal import Yams

/// Turns the YAML of a configuration into settings, and reports all faults.
struct SettingsReader {
    let faults: FaultList
    /// The absolute path of the configuration.
    let path: String
    let directory: URL
    let files: SourceFiles
    let purpose: DaemonSettings.Purpose

    func read(_ node: Node) -> DaemonSettings? {
        let top = StrictMapping(
            node, path: "",
            known: [
                "partition", "region", "account", "database", "socket", "limits", "worker",
                "module-directories",
                "insecure-own-modules", "read-back-seconds", "ceremony", "tokens", "issuance",
                "approval-hours", "approval-keep-days", "log", "audit-reports", "revocation",
            ] + RulebookReader.keys,
            faults: faults)
        let naming = naming(top)
        let database = top.text("database").map(absolute)
        let socket = socket(top)
        let limits = LimitsReader(faults: faults).read(top)
        let tokens = tokens(
            top, StatePaths(database: database, socket: socket?.path, configuration: path))
        let prefix =
            "arn:\(naming?.partition ?? ""):acm-pca:\(naming?.region ?? ""):\(naming?.account ?? ""):"
        let issuance = IssuanceReader(
            faults: faults, absolute: absolute, prefix: prefix, resources: naming?.authorityARNs, files: files
        ).read(top)
        let rulebook = RulebookReader(
            faults: faults, directory: directory, prefix: prefix, resources: naming?.authorityARNs,
            files: files
        ).read(top)
        let auditReports = AuditReportReader(faults: faults, purpose: purpose).read(top)
        let revocation = RevocationReader(faults: faults, absolute: absolute, purpose: purpose).read(
            top, database: database)
        guard let naming, let database, let socket, let tokens, let rulebook else { return nil }
        return DaemonSettings(
            naming: naming, databasePath: database, socket: socket, limits: limits, tokens: tokens,
            issuance: issuance, rulebook: rulebook, log: LogReader.log(top, faults),
            approvalHours: top.number("approval-hours", default: 72, in: 1...8760),
            approvalKeepDays: top.number("approval-keep-days", default: 90, in: 0...36_500),
            auditReports: auditReports, revocation: revocation)
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : directory.appendingPathComponent(path).standardizedFileURL.path
    }

    private func naming(_ top: StrictMapping) -> DaemonSettings.Naming? {
        guard let partition = top.text("partition", default: "aws"),
            let region = top.text("region", default: "us-local-1"),
            let account = top.text("account", default: "000000000000")
        else { return nil }
        if partition.wholeMatch(of: /aws(-[a-z]+)*/) == nil {
            top.fault("`partition` must be an AWS partition such as `aws`", at: "partition")
        }
        // The patterns that AWS's clients accept.
        if region.wholeMatch(of: /[a-z]{2}(-[a-z]+)+-[0-9]+/) == nil {
            top.fault("`region` must look like `us-local-1`", at: "region")
        }
        if account.wholeMatch(of: /[0-9]{12}/) == nil {
            top.fault("`account` must be twelve digits", at: "account")
        }
        return DaemonSettings.Naming(partition: partition, region: region, account: account)
    }

    private func socket(_ top: StrictMapping) -> DaemonSettings.Socket? {
        guard let socket = top.mapping("socket", known: ["path", "mode", "owner", "group"]) else {
            return nil
        }
        let path = socket.text("path").map(absolute)
        // unix(7): sun_path holds 108 bytes with the terminating zero.
        if let path, path.utf8.count > 107 {
            socket.fault("`socket.path` is longer than 107 bytes", at: "path")
        }
        let modeText = socket.text("mode", default: "0660") ?? ""
        let mode = UInt32(modeText, radix: 8)
        if mode.map({ $0 > 0o777 }) ?? true {
            socket.fault("`socket.mode` must be octal permission bits such as 0660", at: "mode")
        }
        let owner = socket.has("owner") ? socket.text("owner") : nil
        let uid = owner.flatMap(Accounts.uid)
        if let owner, uid == nil { socket.fault("there is no user `\(owner)`", at: "owner") }
        let group = socket.has("group") ? socket.text("group") : nil
        let gid = group.flatMap(Accounts.gid)
        if let group, gid == nil { socket.fault("there is no group `\(group)`", at: "group") }
        guard let path, let mode else { return nil }
        return DaemonSettings.Socket(path: path, mode: mode, uid: uid, gid: gid)
    }

    private func tokens(_ top: StrictMapping, _ state: StatePaths) -> DaemonSettings.Tokens? {
        var directories = ModuleLocation.usualDirectories
        if top.has("module-directories") {
            directories = top.list("module-directories").compactMap { node in
                guard let path = node.scalar?.string, path.hasPrefix("/") else {
                    faults.add("`module-directories` must hold absolute paths", at: node)
                    return nil
                }
                return path
            }
        }
        let allowsOwnUser = top.boolean("insecure-own-modules", default: false)
        let reader = TokenEntryReader(
            faults: faults, directory: directory, files: files, moduleDirectories: directories,
            allowsOwnUser: allowsOwnUser, state: state, findUser: Accounts.uid)
        let worker = top.has("worker") ? top.text("worker").map(absolute) : nil
        let readBack = top.number("read-back-seconds", default: 3600, in: 10...86_400)
        guard let entries = reader.read(top.list("tokens")) else { return nil }
        return DaemonSettings.Tokens(
            entries: entries, workerPath: worker, readBackSeconds: readBack,
            ceremony: ceremony(top), allowsOwnModules: allowsOwnUser)
    }

    private func ceremony(_ top: StrictMapping) -> DaemonSettings.Ceremony? {
        guard top.has("ceremony"), let ceremony = top.mapping("ceremony", known: ["records", "officers"]),
            let records = ceremony.text("records").map(absolute)
        else { return nil }
        if let fault = FileTrust.fault(ofFile: records) {
            ceremony.fault("the directory `ceremony.records` \(fault)", at: "records")
        }
        let officers = ceremony.list("officers").compactMap { node -> String? in
            guard let path = node.scalar?.string else {
                faults.add("`ceremony.officers` must hold paths of public keys", at: node)
                return nil
            }
            if let fault = FileTrust.fault(ofFile: absolute(path)) {
                faults.add("the public key `\(path)` \(fault)", at: node)
            } else if !FileManager.default.isReadableFile(atPath: absolute(path)) {
                faults.add("the public key `\(path)` is not there, or cannot be read", at: node)
            }
            return absolute(path)
        }
        return DaemonSettings.Ceremony(recordsDirectory: records, officerKeyPaths: officers)
    }
}
