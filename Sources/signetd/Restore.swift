internal import ArgumentParser
internal import AuditLog
internal import Foundation
internal import SQLiteStorage
internal import Settings
internal import TransparencyLog
internal import VisibleText

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup in the place of the database, while no daemon runs.",
        discussion: """
            The backup is copied and read from its first event to its last before anything is changed. Then the database, its \
            write-ahead log and its index of that log are moved aside together, and the copy takes their place. What the \
            backup does not know is gone: certificates and events that came after it. --since says how many events that \
            are, when you kept a checkpoint.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Argument(help: "The backup, a file of `signetd backup`.") var file: String

    @Option(help: "A checkpoint of the log that was kept from before (`signet audit checkpoint`).")
    var since: String?

    func run() async throws {
        try await reporting {
            umask(0o177)
            let settings = try configuration.settings()
            let kept = try since.map(keptCheckpoint)
            let place = DatabasePlace(path: settings.databasePath)
            try place.checkUser()
            let lock = try InstanceLock(databasePath: settings.databasePath)
            // What a restore that was interrupted left.
            place.removePrepared()
            let check = try prepare(place)
            do {
                try await compare(place.preparedPath, check, with: kept)
                try DatabaseCopy.makeOneFile(place.preparedPath)
                let aside = try place.exchange()
                for path in aside { Output.line("moved aside: \(path)") }
            } catch {
                place.removePrepared()
                throw error
            }
            Output.line(
                "restored: \(settings.databasePath) with \(check.events) events, \(check.authorities) authorities, \(check.certificates) certificates"
            )
            _ = consume lock
        }
    }

    private func keptCheckpoint(_ path: String) throws -> (note: SignedNote, checkpoint: Checkpoint) {
        do {
            let note = try SignedNote(encoded: try String(contentsOfFile: path, encoding: .utf8))
            return (note, try Checkpoint(text: note.text))
        } catch {
            throw StartupError(
                "the checkpoint `\(path)` cannot be read: \(error: error)",
                hint: "give a file that `signet audit checkpoint` wrote, or leave out --since",
                status: .configuration)
        }
    }

    /// Copies the backup beside the database, and reads all of the copy.
    private func prepare(_ place: DatabasePlace) throws(StartupError) -> DatabaseCheck {
        let hint: EscapedText = "nothing was changed; give another backup"
        do {
            try DatabaseCopy.make(of: file, at: place.preparedPath, progress: ShownProgress("pages").show)
        } catch {
            throw StartupError(
                "the backup `\(file)` was not copied: \(error: error)", hint: hint, status: .unavailable)
        }
        do {
            return try DatabaseCheck(path: place.preparedPath, progress: ShownProgress("events").show)
        } catch {
            place.removePrepared()
            throw StartupError(
                "the backup `\(file)` cannot be used: \(error: error)", hint: hint, status: .unavailable)
        }
    }

    /// Holds the log of the copy against its own newest checkpoint and against one that was kept.
    private func compare(
        _ path: String, _ check: DatabaseCheck, with kept: (note: SignedNote, checkpoint: Checkpoint)?
    ) async throws {
        let store = try SQLiteStore(path: path)
        defer { store.close() }
        let comparison = LogComparison(store: store)
        func refuse(_ reason: String) -> StartupError {
            StartupError(
                "the backup `\(file)` cannot be trusted: \(reason)",
                hint: "nothing was changed; it was altered after it was made, or is of another log",
                status: .unavailable)
        }
        if let difference = try await comparison.differenceFromNewestCheckpoint() { throw refuse(difference) }
        guard let (note, checkpoint) = kept else { return }
        guard try await comparison.isSigned(note, of: checkpoint) else {
            throw refuse("the key of its log did not sign the checkpoint `\(since ?? "")`")
        }
        guard checkpoint.size <= check.events else {
            Output.note(
                "warning: the backup ends with event \(check.events), and the log had \(checkpoint.size): the last \(checkpoint.size - check.events) are missing, with what they recorded"
            )
            return
        }
        guard try await store.root(size: checkpoint.size) == checkpoint.root else {
            throw refuse(
                "its first \(checkpoint.size) events are not those of the checkpoint `\(since ?? "")`")
        }
    }
}
