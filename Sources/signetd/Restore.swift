internal import ArgumentParser
internal import AuditLog
internal import Authorities
internal import DurableFiles
internal import Foundation
internal import SQLiteStorage
internal import Settings
internal import Storage
internal import TransparencyLog
internal import VisibleText

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup in the place of the database, while no daemon runs.",
        discussion: """
            The backup is copied and read from its first event to its last before anything is changed. Then the database, its \
            write-ahead log and its index of that log are moved aside together, and the copy takes their place. Certificates \
            and events made after the backup are lost. With --since and a kept checkpoint, the command says how many \
            events that are.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Argument(help: "The backup, a file of `signetd backup`.") var file: String

    @Option(
        help:
            "A checkpoint of the log that was kept (`signet audit checkpoint`); can be given several times, such as the one kept with the backup and the newest."
    )
    var since: [String] = []

    func run() async throws {
        try await reporting {
            umask(0o177)
            let settings = try configuration.settings(for: .reading)
            let kept = try since.map(keptCheckpoint)
            let place = DatabasePlace(path: settings.databasePath)
            try place.checkUser()
            try checkFile(place)
            let lock = try InstanceLock(databasePath: settings.databasePath)
            // Files of an interrupted restore. `checkFile` has seen that none of them is the backup.
            place.removePrepared()
            let check = try prepare(place)
            do {
                do { try await compare(place.preparedPath, check, with: kept) } catch let error
                    as StartupError
                {
                    throw error
                } catch {
                    throw StartupError(
                        "the backup `\(file)` cannot be used: \(error: error)",
                        hint: "nothing was changed; give another backup", status: .unavailable)
                }
                try DatabaseCopy.makeOneFile(place.preparedPath)
                let aside = try place.exchange()
                for path in aside { Output.line("moved aside: \(path)") }
            } catch {
                place.removePrepared()
                throw error
            }
            Output.line("restored: \(settings.databasePath)")
            check.show()
            _ = consume lock
        }
    }

    /// A checkpoint that was kept, and the file it was kept in.
    private struct KeptCheckpoint {
        let path: String
        let note: SignedNote
        let checkpoint: Checkpoint
    }

    /// Refuses what is no regular file before anything waits for it, and the files that the restore itself
    /// removes.
    private func checkFile(_ place: DatabasePlace) throws(StartupError) {
        func refusal(_ reason: EscapedText) -> StartupError {
            StartupError(
                "the backup `\(file)` cannot be used: \(reason)",
                hint: "nothing was changed; give a file that `signetd backup` made", status: .unavailable)
        }
        let target = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
        guard !file.utf8.isEmpty, FileNames.exists(target) else { throw refusal("there is no file") }
        guard FileNames.isRegularFile(target) else { throw refusal("it is no regular file") }
        guard !place.isWorkingName(target) else {
            throw refusal("it has a name that a restore uses for its own files; move it first")
        }
    }

    private func keptCheckpoint(_ path: String) throws(StartupError) -> KeptCheckpoint {
        do {
            guard FileNames.isRegularFile(URL(fileURLWithPath: path).resolvingSymlinksInPath().path) else {
                throw StorageError.unavailable(reason: "it is no regular file")
            }
            let note = try SignedNote(encoded: try String(contentsOfFile: path, encoding: .utf8))
            return KeptCheckpoint(path: path, note: note, checkpoint: try Checkpoint(text: note.text))
        } catch let error as CocoaError {
            throw StartupError(
                "the checkpoint `\(path)` cannot be read: \(error.localizedDescription)",
                hint: "give a file that `signet audit checkpoint` wrote, or leave out --since",
                status: .configuration)
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

    /// Parses every authority of the copy, and compares its log with its newest checkpoint and with the kept
    /// ones.
    private func compare(
        _ path: String, _ check: DatabaseCheck, with kept: [KeptCheckpoint]
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
        var last: String?
        while let page = try await Optional(store.certificateAuthorities(after: last, limit: 100)),
            !page.isEmpty
        {
            for record in page { try record.checkIsReadable() }
            last = page.last?.id
        }
        for kept in kept {
            let checkpoint = kept.checkpoint
            guard try await comparison.isSigned(kept.note, of: checkpoint) else {
                throw refuse("the key of its log did not sign the checkpoint `\(kept.path)`")
            }
            guard checkpoint.size <= check.events else {
                Output.note(
                    "warning: the backup ends with event \(check.events), and the log had \(checkpoint.size): the last \(checkpoint.size - check.events) are missing, with what they recorded. A checkpoint of a longer log proves nothing of these events; give the one kept with the backup too"
                )
                continue
            }
            guard try await store.root(size: checkpoint.size) == checkpoint.root else {
                throw refuse(
                    "its first \(checkpoint.size) events are not those of the checkpoint `\(kept.path)`")
            }
        }
    }
}
