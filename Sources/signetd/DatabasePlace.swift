internal import Foundation
internal import VisibleText

/// The files of the database, and the exchange of all of them for another database.
///
/// SQLite replays a write-ahead log over whatever file lies beside it. A database is therefore never replaced without its log.
struct DatabasePlace {
    let path: String
    /// Where the other database is made ready: in the same directory, so that it can be renamed.
    var preparedPath: String { path + ".restoring" }

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
            for suffix in Self.suffixes where files.fileExists(atPath: path + suffix) {
                let aside = "\(path).replaced-\(time)\(suffix)"
                try files.moveItem(atPath: path + suffix, toPath: aside)
                moved.append((path + suffix, aside))
            }
            try files.moveItem(atPath: preparedPath, toPath: path)
        } catch {
            for (from, to) in moved.reversed() { try? files.moveItem(atPath: to, toPath: from) }
            throw StartupError(
                "the database `\(path)` was not exchanged: \(error.localizedDescription)",
                hint: "nothing was changed; see that this user can write the directory", status: .unavailable)
        }
        return moved.map(\.to)
    }
}
