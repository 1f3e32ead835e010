internal import ArgumentParser
internal import DurableFiles
internal import Foundation
internal import SQLiteStorage
internal import Settings
internal import Storage
internal import StrictYAML
internal import TrustedPaths
internal import VisibleText

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the database into a file, while the daemon serves.",
        discussion: """
            The file is a consistent copy of everything that is committed. It needs no other file beside it, only its owner can \
            read it, and every page, every event and the tree of the log are read once to see that they are whole. It holds \
            no private key: those are on the token.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Argument(help: "The file to make. It must not be there.") var file: String

    func run() async throws {
        try await reporting {
            umask(0o177)
            let settings = try configuration.settings(for: .reading)
            let target = try checkTarget(settings.databasePath)
            let partialPath = Self.partialPath(target)
            let copy: DatabaseCheck
            do {
                try DatabaseCopy.make(
                    of: settings.databasePath, at: partialPath, progress: ShownProgress("pages").show)
            } catch {
                throw StartupError(
                    "the database `\(settings.databasePath)` was not copied: \(error: error)",
                    hint:
                        "run it as the daemon's user, with a new file in a directory that this user can write",
                    status: .unavailable)
            }
            do { copy = try DatabaseCheck(path: partialPath, progress: ShownProgress("events").show) } catch {
                FileNames.remove(partialPath)
                throw StartupError(
                    "the database `\(settings.databasePath)` is damaged, and was not copied: \(error: error)",
                    hint: "keep older backups; `signetd restore` puts one back",
                    status: .unavailable)
            }
            do throws(FileNames.Failure) {
                try FileNames.rename(partialPath, toNew: target)
                try FileNames.syncDirectory(of: target)
            } catch {
                FileNames.remove(partialPath)
                throw StartupError(
                    "the backup `\(file)` was not made: \(error: error)",
                    hint: "give a file that is not there, in a directory that this user can write",
                    status: .unavailable)
            }
            Output.line("made: \(file), \(FileNames.size(target) ?? 0) octets")
            copy.show()
        }
    }

    /// The file is new, is none of the database's own, and stands in a directory that no other user can
    /// change: another user could put its own file there while this process writes.
    /// - Returns: the path of the file, without links in it
    private func checkTarget(_ database: String) throws(StartupError) -> String {
        func refusal(_ reason: EscapedText) -> StartupError {
            StartupError(
                "the backup `\(file)` cannot be made: \(reason)",
                hint: "give a file that is not there, in a directory that only root and this user can write",
                status: .configuration)
        }
        let place: TrustedPlace
        do { place = try TrustedPlace(file) } catch { throw refusal("\(error)") }
        guard !place.isThere else { throw refusal("there is a file") }
        let partial = Self.partialPath(place.path)
        guard !FileNames.exists(partial) else {
            throw refusal(
                "`\(partial)` is there: another backup is writing it, or one was interrupted and it can be removed"
            )
        }
        for path in [place.path, partial] {
            for suffix in ["-wal", "-shm", "-journal"] where FileNames.exists(path + suffix) {
                throw refusal("`\(path)\(suffix)` lies where SQLite would take it for a part of the backup")
            }
        }
        guard !DatabasePlace(path: database).owns(place.path) else {
            throw refusal("it is one of the names that the database uses")
        }
        return place.path
    }

    /// The backup gets its name last, so that an interrupted copy cannot be mistaken for one.
    private static func partialPath(_ path: String) -> String { path + ".partial" }
}
