internal import Foundation

/// Names in directories, as rename(2), unlink(2) and lstat(2) see them: a link is itself and not its target, and nothing is removed
/// with its contents.
enum FileNames {
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(description: String) { self.description = description }

        /// The system call that failed last gives the reason.
        init(_ what: String) { description = unsafe "\(what): \(String(cString: strerror(errno)))" }
    }

    /// The device and number of a file, which hard links share.
    struct Identity: Hashable {
        let device: UInt64
        let number: UInt64
    }

    static func isThere(_ path: String) -> Bool { status(path) != nil }

    /// Nil for a path that does not exist.
    static func identity(_ path: String) -> Identity? {
        status(path).map { Identity(device: UInt64($0.st_dev), number: UInt64($0.st_ino)) }
    }

    /// In octets; nil for a path that does not exist.
    static func size(_ path: String) -> Int? { status(path).map { Int($0.st_size) } }

    static func isRegularFile(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFREG } ?? false
    }

    static func isLink(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFLNK } ?? false
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status : nil
    }

    /// Renames a file. A file that has the new name is replaced in one step.
    static func rename(_ old: String, to new: String) throws(Failure) {
        guard unsafe Glibc.rename(old, new) == 0 else {
            throw Failure("`\(old)` cannot be renamed to `\(new)`")
        }
    }

    /// Renames a file to a name that no file has. The directory must be one that no other process changes meanwhile: not every file
    /// system can refuse an existing name in one step.
    static func rename(_ old: String, toNew new: String) throws(Failure) {
        guard !isThere(new) else {
            throw Failure(description: "`\(old)` cannot be renamed to `\(new)`: there is a file")
        }
        try rename(old, to: new)
    }

    /// Removes a file or a link if it is there; a directory stays.
    static func remove(_ path: String) { _ = unsafe unlink(path) }

    /// Syncs the names in the directory of a file to disk.
    static func syncDirectory(of path: String) throws(Failure) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("`\(directory)` cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure("`\(directory)` cannot be synced") }
    }
}
