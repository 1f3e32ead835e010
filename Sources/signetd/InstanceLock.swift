internal import Foundation
internal import VisibleText

/// Ensures that only one daemon uses a database. The kernel releases the lock when the process ends.
struct InstanceLock: ~Copyable {
    private let descriptor: Int32

    init(databasePath: String) throws(StartupError) {
        let path = databasePath + ".lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw StartupError(
                "the lock file `\(path)` cannot be opened: \(reason)",
                hint: "the directory of the database must exist and belong to the daemon's user",
                status: .configuration
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw StartupError(
                "another signetd works with the database `\(databasePath)`",
                hint: "stop it first; two daemons must not share a database", status: .inUse)
        }
    }

    deinit { close(descriptor) }
}
