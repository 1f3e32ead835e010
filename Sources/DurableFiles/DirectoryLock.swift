/// Ensures that one process at a time replaces files of a directory. The kernel releases the lock when the
/// process ends.
///
/// It locks a file that only its owner can open, because any user that can read a directory could lock the
/// directory itself.
public final class DirectoryLock: Sendable {
    public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// Another process held the lock for the whole time.
        case taken(directory: String, patience: Duration)
        case system(FileNames.Failure)

        public var description: String {
            switch self {
            case .taken(let directory, let patience):
                "another process is replacing files in `\(directory)`, and has not ended after \(patience)"
            case .system(let failure): failure.description
            }
        }
    }

    private let lock: FileLock

    /// Waits for the lock.
    /// - Parameter patience: the maximum time to wait; after it the error `taken` is thrown
    public init(directory: String, patience: Duration) async throws(Failure) {
        let end = ContinuousClock.now + patience
        do throws(FileNames.Failure) { lock = try FileLock(path: "\(directory)/.signet.lock") } catch {
            throw .system(error)
        }
        while try !isLocked() {
            guard ContinuousClock.now < end else {
                throw .taken(directory: directory, patience: patience)
            }
            do { try await Task.sleep(for: .milliseconds(50)) } catch {
                throw .taken(directory: directory, patience: patience)
            }
        }
    }

    private func isLocked() throws(Failure) -> Bool {
        do throws(FileNames.Failure) { return try lock.tryLock() } catch { throw .system(error) }
    }
}
