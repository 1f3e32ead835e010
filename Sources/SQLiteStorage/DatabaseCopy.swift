internal import Foundation
internal import GRDB
public import Storage

/// Copies of a whole database (SQLite Online Backup API).
public enum DatabaseCopy {
    /// Copies the committed state of a database that other processes may be using. The copy can be read by
    /// its owner only, needs no other file, and is synced to disk.
    /// - Parameters:
    ///   - target: a path that does not exist. After an error it does not exist either.
    ///   - progress: receives the number of copied pages and of all pages
    public static func make(
        of source: String, at target: String,
        progress: @escaping (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws(StorageError) {
        try checkSource(source)
        do {
            // O_EXCL: neither an existing file nor the target of a link is overwritten.
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
                // The first read opens one snapshot. Without it, each commit of the daemon would restart the
                // copy.
                _ = try Int.fetchOne(reader, sql: "SELECT count(*) FROM sqlite_schema")
                try to.writeWithoutTransaction { writer in
                    try reader.backup(to: writer, pagesPerStep: 1024) {
                        progress($0.completedPageCount, $0.totalPageCount)
                    }
                }
            }
            try to.close()
            try endLog(target)
        } catch {
            for suffix in ["", "-wal", "-shm", "-journal"] {
                try? FileManager.default.removeItem(atPath: target + suffix)
            }
            throw StorageError(error)
        }
    }

    /// Refuses what is no database file, and a database of one file with a log or a journal beside it: SQLite
    /// would replay that over the copy, though it is of another database.
    private static func checkSource(_ path: String) throws(StorageError) {
        let files = FileManager.default
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? files.attributesOfItem(atPath: target) else {
            throw .unavailable(reason: "there is no file `\(path)`")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw .unavailable(reason: "`\(path)` is no regular file")
        }
        let header =
            (try? FileHandle(forReadingFrom: URL(fileURLWithPath: target)).read(upToCount: 20)) ?? Data()
        // Database File Format, section 1.3.3: octets 18 and 19 are 2 for a database with a write-ahead log.
        if header.count == 20, header[header.startIndex + 18] == 2 { return }
        for suffix in ["-wal", "-journal"] where files.fileExists(atPath: target + suffix) {
            throw .unavailable(reason: "`\(target)\(suffix)` lies beside it, which is not of this file")
        }
    }

    /// Ends the write-ahead log, so that the database is one file, and syncs it to disk. Throws while another
    /// connection is open.
    public static func makeOneFile(_ path: String) throws(StorageError) {
        do { try endLog(path) } catch { throw StorageError(error) }
    }

    private static func endLog(_ path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        let database = try DatabaseQueue(path: path, configuration: configuration)
        // The header of a copy asks for a write-ahead log, as the database's does.
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
