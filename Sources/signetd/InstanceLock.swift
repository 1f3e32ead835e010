internal import DurableFiles
internal import VisibleText

/// Ensures that only one daemon uses a database. The kernel releases the lock when the process ends.
struct InstanceLock: ~Copyable {
    private let lock: FileLock

    init(databasePath: String) throws(StartupError) {
        let lock = try Self.open(databasePath + ".lock")
        guard try Self.isTaken(by: lock) else {
            throw StartupError(
                "another signetd works with the database `\(databasePath)`",
                hint: "stop it first; two daemons must not share a database", status: .inUse)
        }
        self.lock = lock
    }

    private static func open(_ path: String) throws(StartupError) -> FileLock {
        do throws(FileNames.Failure) { return try FileLock(path: path) } catch { throw failure(error) }
    }

    private static func isTaken(by lock: borrowing FileLock) throws(StartupError) -> Bool {
        do throws(FileNames.Failure) { return try lock.tryLock() } catch { throw failure(error) }
    }

    private static func failure(_ failure: FileNames.Failure) -> StartupError {
        StartupError(
            "\(error: failure)",
            hint: "the directory of the database must exist and belong to the daemon's user",
            status: .configuration)
    }
}
