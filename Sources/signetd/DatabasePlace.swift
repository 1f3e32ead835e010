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
            try takeOwner()
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
                hint: "nothing was changed; run it as the daemon's user or root", status: .unavailable)
        }
        return moved.map(\.to)
    }

    /// The prepared file gets the owner that the database has, or its directory.
    private func takeOwner() throws {
        let files = FileManager.default
        let model =
            files.fileExists(atPath: path)
            ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path
        let attributes = try files.attributesOfItem(atPath: model)
        guard let owner = attributes[.ownerAccountID], let group = attributes[.groupOwnerAccountID] else {
            return
        }
        try files.setAttributes(
            [.ownerAccountID: owner, .groupOwnerAccountID: group, .posixPermissions: 0o600],
            ofItemAtPath: preparedPath)
    }
}
