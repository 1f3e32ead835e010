internal import Foundation
internal import GRDB
public import Storage

/// Copies of a whole database (SQLite Online Backup API).
public enum DatabaseCopy {
    /// Writes what is committed now into a file of its own, while a daemon goes on using the database. The file is readable to its
    /// owner only, needs no other file beside it, and is synced to disk.
    /// - Parameters:
    ///   - target: a path where nothing is. On an error nothing is left there.
    ///   - progress: is given the pages that were copied, and all of them
    public static func make(
        of source: String, at target: String,
        progress: @escaping (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws(StorageError) {
        guard FileManager.default.fileExists(atPath: source) else {
            throw .unavailable(reason: "there is no file `\(source)`")
        }
        do {
            // O_EXCL: a file that is there is not written into, and neither is what a link points to.
            try Data().write(to: URL(fileURLWithPath: target), options: .withoutOverwriting)
        } catch { throw .unavailable(reason: "`\(target)` cannot be made: \(reason(error))") }
        do {
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: target)
            var reading = Configuration()
            reading.readonly = true
            reading.busyMode = .timeout(5)
            let from = try DatabaseQueue(path: source, configuration: reading)
            let to = try DatabaseQueue(path: target)
            try from.read { reader in
                // The first read opens one snapshot. Without it, each commit of the daemon would restart the copy.
                _ = try Int.fetchOne(reader, sql: "SELECT count(*) FROM sqlite_schema")
                try to.writeWithoutTransaction { writer in
                    try reader.backup(to: writer, pagesPerStep: 1024) {
                        progress($0.completedPageCount, $0.totalPageCount)
                    }
                }
            }
            try to.close()
            try seal(target)
        } catch {
            for suffix in ["", "-wal", "-shm", "-journal"] {
                try? FileManager.default.removeItem(atPath: target + suffix)
            }
            throw StorageError(error)
        }
    }

    /// Makes the database one file that needs no other beside it, synced to disk. It fails while another connection is open.
    public static func makeOneFile(_ path: String) throws(StorageError) {
        do { try seal(path) } catch { throw StorageError(error) }
    }

    private static func seal(_ path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        let database = try DatabaseQueue(path: path, configuration: configuration)
        // A copy says that it has a write-ahead log, as the database has.
        let mode = try database.writeWithoutTransaction {
            try String.fetchOne($0, sql: "PRAGMA journal_mode = DELETE")
        }
        try database.close()
        guard mode == "delete" else {
            throw StorageError.unavailable(reason: "the write-ahead log of `\(path)` cannot be ended")
        }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.synchronize()
        try file.close()
    }

    private static func reason(_ error: any Error) -> String {
        guard (error as? CocoaError)?.code == .fileWriteFileExists else { return error.localizedDescription }
        return "there is a file"
    }
}
