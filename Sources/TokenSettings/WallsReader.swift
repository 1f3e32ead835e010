internal import CPlatform
internal import Foundation
internal import StrictYAML
internal import TokenProtocol
internal import Yams

/// Reads what a token's worker shuts itself in with.
struct WallsReader {
    let state: StatePaths
    /// Makes a path absolute.
    let absolute: (String) -> String

    /// - Parameter canChangeUser: whether the daemon can start a process of another user
    func read(_ entry: StrictMapping, canChangeUser: Bool = geteuid() == 0) -> WorkerWalls {
        var walls = WorkerWalls(protected: state.directories.map(\.path), hidden: state.files)
        if entry.has("paths") {
            walls.paths = entry.list("paths").compactMap { node in
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
            walls.user = user
        }
        return walls
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
        var uid: UInt32 = 0
        if unsafe signet_find_user(user, &uid) != 0 {
            entry.fault("`\(name)` names `\(user)`, and there is no such user", at: "worker-user")
        } else if uid == 0 {
            entry.fault("`\(name)` must be another user than root", at: "worker-user")
        }
        if !canChangeUser {
            entry.fault("`\(name)` needs a daemon that runs as root", at: "worker-user")
        }
    }

    /// Links followed as far as there is something.
    private static func resolved(_ path: String) -> [String.UTF8View.Element] {
        var (existing, missing) = (URL(fileURLWithPath: path).standardizedFileURL, [String]())
        while existing.path != "/" {
            if let real = unsafe realpath(existing.path, nil) {
                defer { unsafe free(real) }
                let text = missing.reversed().reduce(unsafe String(cString: real)) { $0 + "/" + $1 }
                return Array(text.utf8)
            }
            missing.append(existing.lastPathComponent)
            existing = existing.deletingLastPathComponent()
        }
        return Array(URL(fileURLWithPath: path).standardizedFileURL.path.utf8)
    }

    /// Whether `other` is `directory`, or lies below it.
    private static func contains(_ directory: [UInt8], _ other: [UInt8]) -> Bool {
        guard other.starts(with: directory) else { return false }
        let slash = UInt8(ascii: "/")
        return other.count == directory.count || directory == [slash] || other[directory.count] == slash
    }
}
