internal import Foundation
internal import VisibleText

/// The files of the database, and the exchange of all of them for another database.
///
/// SQLite replays a write-ahead log over whatever file lies beside it. A database is therefore never replaced without its log.
struct DatabasePlace {
    let path: String
    /// Where the other database is made ready: in the same directory, so that it can be renamed.
    var preparedPath: String { path + ".restoring" }
    /// Its name while the files are exchanged. While a file has this name, the database is not whole.
    private var readyPath: String { path + ".restored" }

    private static let suffixes = ["", "-wal", "-shm"]

    /// Refuses another user than the owner of the directory. Root too: the daemon's user can exchange files there while root
    /// works with them.
    func checkUser() throws(StartupError) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: directory)
        guard let owner = (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value else {
            throw StartupError(
                "the directory `\(directory)` of the database cannot be examined",
                hint: "make it, and give it to the daemon's user", status: .configuration)
        }
        guard owner == geteuid() else {
            throw StartupError(
                "the directory `\(directory)` of the database belongs to uid \(Int(owner)), and this process has uid \(Int(geteuid()))",
                hint:
                    "run the command as that user: `setpriv --reuid=\(Int(owner)) --init-groups signetd restore …`",
                status: .configuration)
        }
    }

    /// Refuses to serve after an exchange that was interrupted: the database can be without its log, or missing, and a missing
    /// one would be made anew.
    func checkIsWhole() throws(StartupError) {
        guard FileManager.default.fileExists(atPath: readyPath) else { return }
        throw StartupError(
            "a restore of the database `\(path)` was interrupted while its files were exchanged",
            hint:
                "run `signetd restore` with the backup again; the files that were moved aside are `\(path).replaced-…`",
            status: .unavailable)
    }

    /// Renames a file to a path where nothing is, and syncs the directory.
    static func move(_ source: String, to target: String) throws {
        try FileManager.default.moveItem(atPath: source, toPath: target)
        let directory = URL(fileURLWithPath: target).deletingLastPathComponent()
        let handle = try FileHandle(forReadingFrom: directory)
        try handle.synchronize()
        try handle.close()
    }

    func removePrepared() {
        for suffix in Self.suffixes + ["-journal"] {
            try? FileManager.default.removeItem(atPath: preparedPath + suffix)
        }
    }

    /// Moves the database and the files beside it aside, and the prepared one into its place. When a step fails, the steps before
    /// it are taken back.
    /// - Returns: the paths of what was moved aside
    func exchange() throws(StartupError) -> [String] {
        let files = FileManager.default
        let time = Date().formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
        var moved: [(from: String, to: String)] = []
        do {
            if files.fileExists(atPath: readyPath) { try files.removeItem(atPath: readyPath) }
            try Self.move(preparedPath, to: readyPath)
            for suffix in Self.suffixes where files.fileExists(atPath: path + suffix) {
                let aside = "\(path).replaced-\(time)\(suffix)"
                try Self.move(path + suffix, to: aside)
                moved.append((path + suffix, aside))
            }
            try Self.move(readyPath, to: path)
        } catch {
            for (from, to) in moved.reversed() { try? files.moveItem(atPath: to, toPath: from) }
            // Left in place when a file cannot be moved back: the daemon then refuses to serve.
            if moved.allSatisfy({ files.fileExists(atPath: $0.from) }) {
                try? files.removeItem(atPath: readyPath)
            }
            throw StartupError(
                "the database `\(path)` was not exchanged: \(error.localizedDescription)",
                hint: "nothing was changed; see that this user can write the directory", status: .unavailable)
        }
        return moved.map(\.to)
    }
}
