internal import Authorization
internal import Foundation
internal import Yams

/// Turns the YAML of a configuration into settings, and says everything that is wrong with it.
struct SettingsReader {
    let faults: FaultList
    let directory: URL

    func read(_ node: Node) -> Settings? {
        let top = StrictMapping(
            node, path: "",
            known: ["partition", "region", "account", "database", "socket", "limits", "token", "principals"],
            faults: faults)
        let naming = naming(top)
        let database = top.text("database").map(absolute)
        let socket = socket(top)
        let limits = limits(top)
        let token = token(top)
        let principals = PrincipalReader(faults: faults, directory: directory).read(top.list("principals"))
        guard let naming, let database, let socket, let token, let principals else { return nil }
        return Settings(
            naming: naming, databasePath: database, socket: socket, limits: limits, token: token,
            principals: principals)
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : directory.appendingPathComponent(path).standardizedFileURL.path
    }

    private func naming(_ top: StrictMapping) -> Settings.Naming? {
        guard let partition = top.text("partition", default: "aws"),
            let region = top.text("region", default: "us-local-1"),
            let account = top.text("account", default: "000000000000")
        else { return nil }
        if partition.wholeMatch(of: /aws(-[a-z]+)*/) == nil {
            top.fault("`partition` must be an AWS partition such as `aws`", at: "partition")
        }
        // What the clients' own patterns take.
        if region.wholeMatch(of: /[a-z]{2}(-[a-z]+)+-[0-9]+/) == nil {
            top.fault("`region` must look like `us-local-1`", at: "region")
        }
        if account.wholeMatch(of: /[0-9]{12}/) == nil {
            top.fault("`account` must be twelve digits", at: "account")
        }
        return Settings.Naming(partition: partition, region: region, account: account)
    }

    private func socket(_ top: StrictMapping) -> Settings.Socket? {
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
        return Settings.Socket(path: path, mode: mode, uid: uid, gid: gid)
    }

    private func limits(_ top: StrictMapping) -> Settings.Limits {
        guard top.has("limits"), let limits = top.mapping("limits", known: ["connections", "idle-seconds"])
        else {
            return Settings.Limits(connections: 256, idleSeconds: 30)
        }
        return Settings.Limits(
            connections: limits.number("connections", default: 256, in: 1...10_000),
            idleSeconds: limits.number("idle-seconds", default: 30, in: 1...3600))
    }

    private func token(_ top: StrictMapping) -> Settings.Token? {
        let known = [
            "worker", "module", "uri", "pin-file", "sessions", "sign-seconds", "environment",
            "security-standard",
        ]
        guard let token = top.mapping("token", known: known) else { return nil }
        let module = token.text("module")
        if let module, !module.hasPrefix("/") {
            token.fault("`token.module` must be an absolute path", at: "module")
        }
        let uri = token.text("uri")
        if let uri, !uri.hasPrefix("pkcs11:") {
            token.fault(
                "`token.uri` must be a PKCS#11 URI such as `pkcs11:token=issuing` (RFC 7512)", at: "uri")
        }
        let standard = token.has("security-standard") ? token.text("security-standard") : nil
        if let standard, !Self.securityStandards.contains(standard) {
            token.fault(
                "`token.security-standard` must be one of \(Self.securityStandards.joined(separator: ", "))",
                at: "security-standard")
        }
        let pinFile = token.text("pin-file").map(absolute)
        let sessions = token.number("sessions", default: 2, in: 1...64)
        let signSeconds = token.number("sign-seconds", default: 10, in: 1...600)
        let environment = environment(token)
        guard let module, let uri, let pinFile else { return nil }
        return Settings.Token(
            workerPath: token.has("worker") ? token.text("worker").map(absolute) : nil,
            modulePath: module, uri: uri, pinFile: pinFile,
            sessions: sessions, signSeconds: signSeconds, environment: environment, securityStandard: standard
        )
    }

    private func environment(_ token: StrictMapping) -> [String: String] {
        guard let node = token.node("environment") else { return [:] }
        guard let mapping = node.mapping else {
            token.fault("`token.environment` must be a mapping of names to values", at: "environment")
            return [:]
        }
        var environment: [String: String] = [:]
        for (key, value) in mapping {
            guard let name = key.string, let text = value.scalar?.string,
                name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil
            else {
                faults.add("`token.environment` must hold names with single values", at: key)
                continue
            }
            environment[name] = text
        }
        return environment
    }

    /// API reference, KeyStorageSecurityStandard.
    private static let securityStandards = [
        "FIPS_140_2_LEVEL_2_OR_HIGHER", "FIPS_140_2_LEVEL_3_OR_HIGHER", "CCPC_LEVEL_1_OR_HIGHER",
    ]
}
