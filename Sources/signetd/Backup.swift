internal import ArgumentParser
internal import Foundation
internal import SQLiteStorage
internal import Settings
internal import Storage
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
            let settings = try configuration.settings()
            let copy: DatabaseCheck
            // Under its own name only when it is whole: a copy that was interrupted must not pass for a backup.
            let partial = file + ".partial"
            do {
                guard !FileManager.default.fileExists(atPath: file) else {
                    throw StorageError.unavailable(reason: "`\(file)` cannot be made: there is a file")
                }
                try DatabaseCopy.make(
                    of: settings.databasePath, at: partial, progress: ShownProgress("pages").show)
            } catch {
                throw StartupError(
                    "the database `\(settings.databasePath)` was not copied: \(error: error)",
                    hint:
                        "run it as the daemon's user, with a new file in a directory that this user can write",
                    status: .unavailable)
            }
            do { copy = try DatabaseCheck(path: partial, progress: ShownProgress("events").show) } catch {
                try? FileManager.default.removeItem(atPath: partial)
                throw StartupError(
                    "the database `\(settings.databasePath)` is damaged, and was not copied: \(error: error)",
                    hint: "keep older backups; `signetd restore` puts one back",
                    status: .unavailable)
            }
            do { try DatabasePlace.move(partial, to: file) } catch {
                try? FileManager.default.removeItem(atPath: partial)
                throw StartupError(
                    "the backup `\(file)` was not made: \(error.localizedDescription)",
                    hint: "give a file that is not there, in a directory that this user can write",
                    status: .unavailable)
            }
            Output.line(
                "\(file): \(copy.events) events, \(copy.authorities) authorities, \(copy.certificates) certificates"
            )
        }
    }
}
