internal import ArgumentParser
internal import Foundation
internal import SQLiteStorage
internal import Settings
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
            do {
                try DatabaseCopy.make(
                    of: settings.databasePath, at: file, progress: ShownProgress("pages").show)
            } catch {
                throw StartupError(
                    "the database `\(settings.databasePath)` was not copied: \(error: error)",
                    hint:
                        "run it as the daemon's user, with a new file in a directory that this user can write",
                    status: .unavailable)
            }
            do { copy = try DatabaseCheck(path: file, progress: ShownProgress("events").show) } catch {
                try? FileManager.default.removeItem(atPath: file)
                throw StartupError(
                    "the database `\(settings.databasePath)` is damaged, and was not copied: \(error: error)",
                    hint: "keep older backups; `signetd restore` puts one back",
                    status: .unavailable)
            }
            Output.line(
                "\(file): \(copy.events) events, \(copy.authorities) authorities, \(copy.certificates) certificates"
            )
        }
    }
}
