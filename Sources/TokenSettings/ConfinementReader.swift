internal import Foundation
internal import StrictYAML
internal import TokenProtocol
internal import Yams

/// Reads the sandbox of a token's worker.
struct ConfinementReader {
    let state: StatePaths
    /// Makes a path absolute.
    let absolute: (String) -> String
    /// The number of an account; nil when there is none.
    let findUser: (String) -> UInt32?

    /// - Parameter canChangeUser: whether the daemon can start a process of another user
    func read(_ entry: StrictMapping, canChangeUser: Bool = geteuid() == 0) -> WorkerConfinement {
        var confinement = WorkerConfinement(protected: state.directories.map(\.path), hidden: state.files)
        if entry.has("paths") {
            confinement.paths = entry.list("paths").compactMap { node in
                guard let path = node.scalar?.string, !path.isEmpty else {
                    entry.fault("`\(entry.name("paths"))` must hold paths", at: "paths")
                    return nil
                }
                check(absolute(path), entry)
                return absolute(path)
            }
        }
        if entry.has("worker-user"), let user = entry.text("worker-user") {
            check(user: user, entry, canChangeUser)
            confinement.user = user
        }
        return confinement
    }

    private func check(_ path: String, _ entry: StrictMapping) {
        let own = Self.resolved(path)
        let name = entry.name("paths")
        for (directory, purpose) in state.directories {
            let other = Self.resolved(directory)
            if Self.contains(own, other) {
                entry.fault(
                    "`\(name)` holds `\(path)`, in which `\(directory)` lies, the directory of \(purpose); no module may reach that",
                    at: "paths")
            } else if Self.contains(other, own) {
                entry.fault(
                    "`\(name)` holds `\(path)`, which lies in `\(directory)`, the directory of \(purpose); no module may reach that",
                    at: "paths")
            }
        }
        if let configuration = state.configuration, Self.contains(own, Self.resolved(configuration)) {
            entry.fault(
                "`\(name)` holds `\(path)`, in which this configuration lies; no module may write it",
                at: "paths")
        }
    }

    private func check(user: String, _ entry: StrictMapping, _ canChangeUser: Bool) {
        let name = entry.name("worker-user")
        if user.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            entry.fault("`\(name)` must be the name of an account, not a number", at: "worker-user")
        } else if let uid = findUser(user) {
            if uid == 0 { entry.fault("`\(name)` must be another user than root", at: "worker-user") }
        } else {
            entry.fault("`\(name)` names `\(user)`, and there is no such user", at: "worker-user")
        }
        if !canChangeUser {
            entry.fault("`\(name)` needs a daemon that runs as root", at: "worker-user")
        }
    }

    /// The octets of a path, with links resolved as far as it exists.
    private static func resolved(_ path: String) -> [UInt8] {
        var (existing, missing) = (URL(fileURLWithPath: path).standardizedFileURL, [String]())
        while existing.path != "/", !FileManager.default.fileExists(atPath: existing.path) {
            missing.append(existing.lastPathComponent)
            existing = existing.deletingLastPathComponent()
        }
        let real = missing.reversed().reduce(existing.resolvingSymlinksInPath()) {
            $0.appendingPathComponent($1)
        }
        return Array(real.path.utf8)
    }

    /// Whether `other` is `directory` or below it.
    private static func contains(_ directory: [UInt8], _ other: [UInt8]) -> Bool {
        guard other.starts(with: directory) else { return false }
        let slash = UInt8(ascii: "/")
        return other.count == directory.count || directory == [slash] || other[directory.count] == slash
    }
}
