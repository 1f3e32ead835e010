internal import Foundation
internal import Glibc

/// The lock of one process on a file (flock(2)). The kernel releases it when the process ends.
///
/// The file is made for its owner alone, because any user that can open a file could lock it.
public struct FileLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Opens the file, and makes it if it does not exist. Follows no link.
    public init(path: String) throws(FileNames.Failure) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .init("the lock file `\(path)` cannot be opened") }
        self.descriptor = descriptor
    }

    /// Takes the lock if no other process has it. Does not wait.
    /// - Returns: whether this process has the lock
    public borrowing func tryLock() throws(FileNames.Failure) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw .init("the lock file cannot be locked") }
            return false
        }
        return true
    }

    deinit {
        // A process that this one is just starting has the descriptor until it executes its program, and
        // closing it here alone would leave the lock until then.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
