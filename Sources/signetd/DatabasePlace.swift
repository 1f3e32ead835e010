internal import DurableFiles
internal import Foundation
internal import VisibleText

/// The files of the database, and the exchange of all of them for another database.
///
/// SQLite replays a write-ahead log, and rolls back a journal, over any database file beside it. A database
/// is therefore never replaced without them.
struct DatabasePlace {
    let path: String
    /// The path where the replacement is prepared, in the same directory so that it can be renamed.
    var preparedPath: String { path + ".restoring" }
    /// Its name while the files are exchanged. While a file has this name, the database is not whole.
    private var readyPath: String { path + ".restored" }

    static let suffixes = ["", "-wal", "-shm", "-journal"]

    /// Refuses every user but the owner of the directory. Root is refused too, because the daemon's user
    /// could exchange files in this directory while root works with them.
    func checkUser() throws(StartupError) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
            .resolvingSymlinksInPath().path
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
        guard !FileNames.isLink(path) else {
            throw StartupError(
                "the database `\(path)` is a link", hint: "give the path of the file itself as `database`",
                status: .configuration)
        }
    }

    /// Refuses to serve if a restore was interrupted, or if the database is missing while its other files
    /// exist. SQLite would otherwise make an empty database.
    func checkIsWhole() throws(StartupError) {
        func refusal(_ what: EscapedText) -> StartupError {
            StartupError(
                "\(what)",
                hint:
                    "run `signetd restore` with a backup; files that were moved aside are `\(path).replaced-…`",
                status: .unavailable)
        }
        if FileNames.exists(readyPath) {
            throw refusal(
                "a restore of the database `\(path)` was interrupted while its files were exchanged")
        }
        guard !FileNames.exists(path) else { return }
        let url = URL(fileURLWithPath: path)
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
        let others = Self.suffixes.dropFirst().map { url.lastPathComponent + $0 }
        let mark = Array("\(url.lastPathComponent).replaced-".utf8)
        if names.contains(where: { name in others.contains(name) || name.utf8.starts(with: mark) }) {
            throw refusal("the database `\(path)` is not there, and files of it are")
        }
    }

    /// Whether a path names one of the files that the daemon uses, or that a restore makes.
    func owns(_ file: String) -> Bool {
        Self.path(file, isOneOf: Self.suffixes.map { path + $0 } + [path + ".lock"])
            || isWorkingName(file)
            || Self.inRealDirectory(file).utf8.starts(with: "\(Self.inRealDirectory(path)).replaced-".utf8)
    }

    /// Whether a path names one of the files that a restore makes and removes.
    func isWorkingName(_ file: String) -> Bool { Self.path(file, isOneOf: prepared + [readyPath]) }

    private static func path(_ file: String, isOneOf names: [String]) -> Bool {
        if let identity = FileNames.identity(file),
            names.contains(where: { FileNames.identity($0) == identity })
        {
            return true
        }
        // Names that no file has yet.
        let resolved = inRealDirectory(file)
        return names.contains { inRealDirectory($0).utf8.elementsEqual(resolved.utf8) }
    }

    /// The path of a file with the links of its directory followed.
    private static func inRealDirectory(_ file: String) -> String {
        let url = URL(fileURLWithPath: file)
        return url.deletingLastPathComponent().resolvingSymlinksInPath()
            .appendingPathComponent(url.lastPathComponent).path
    }

    private var prepared: [String] { Self.suffixes.map { preparedPath + $0 } }

    func removePrepared() {
        for path in prepared { FileNames.remove(path) }
    }

    /// The path to which the database is moved, with a number when earlier restores in the same second took
    /// the path without one.
    private func pathAside(at date: Date) -> String {
        let time = date.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
        let first = "\(path).replaced-\(time)"
        func isTaken(_ candidate: String) -> Bool {
            Self.suffixes.contains { FileNames.exists(candidate + $0) }
        }
        var (candidate, number) = (first, 1)
        while isTaken(candidate) {
            number += 1
            candidate = "\(first)-\(number)"
        }
        return candidate
    }

    /// Moves the database and the files beside it aside, and the prepared one into its place. When a step
    /// fails, the steps before it are taken back.
    /// - Returns: the paths of the files that were moved aside
    func exchange() throws(StartupError) -> [String] {
        let aside = pathAside(at: Date())
        let wasInterrupted = FileNames.exists(readyPath)
        var moved: [(from: String, to: String)] = []
        do throws(FileNames.Failure) {
            try FileNames.rename(preparedPath, to: readyPath)
            try FileNames.syncDirectory(of: path)
            for suffix in Self.suffixes where FileNames.exists(path + suffix) {
                let step = (from: path + suffix, to: aside + suffix)
                try FileNames.rename(step.from, toNew: step.to)
                moved.append(step)
            }
            try FileNames.syncDirectory(of: path)
            try FileNames.rename(readyPath, to: path)
        } catch {
            for step in moved.reversed() { try? FileNames.rename(step.to, toNew: step.from) }
            let isBack = moved.allSatisfy { FileNames.exists($0.from) }
            // The mark of an exchange that is not undone keeps the daemon from serving.
            if isBack, !wasInterrupted { FileNames.remove(readyPath) }
            throw StartupError(
                "the database `\(path)` was not exchanged: \(error: error)",
                hint: isBack && !wasInterrupted
                    ? "nothing was changed; see that this user can write the directory, and that the disk has room"
                    : "the daemon does not serve until a restore ends well; run it again",
                status: .unavailable)
        }
        do { try FileNames.syncDirectory(of: path) } catch {
            throw StartupError(
                "the database `\(path)` was exchanged, but perhaps not on disk: \(error: error)",
                hint: "see that the disk is well, and run the restore again", status: .unavailable)
        }
        return moved.map(\.to)
    }
}
