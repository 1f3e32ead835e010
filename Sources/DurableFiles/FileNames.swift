internal import Foundation
internal import Glibc

/// Operations on names in directories, as rename(2), unlink(2) and lstat(2) define them: links are not
/// followed, and directories are not removed.
public enum FileNames {
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String

        init(description: String) { self.description = description }

        /// The reason is that of the last system call that failed.
        init(_ what: String) { description = unsafe "\(what): \(String(cString: strerror(errno)))" }
    }

    /// The device and number of a file, which hard links share.
    public struct Identity: Sendable, Hashable {
        let device: UInt64
        let number: UInt64
    }

    /// Also true for a path that cannot be examined.
    public static func exists(_ path: String) -> Bool {
        status(path) != nil || (errno != ENOENT && errno != ENOTDIR)
    }

    /// Nil for a path that does not exist.
    public static func identity(_ path: String) -> Identity? {
        status(path).map { Identity(device: UInt64($0.st_dev), number: UInt64($0.st_ino)) }
    }

    /// In octets; nil for a path that does not exist.
    public static func size(_ path: String) -> Int? { status(path).map { Int($0.st_size) } }

    public static func isRegularFile(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFREG } ?? false
    }

    public static func isLink(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFLNK } ?? false
    }

    static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status : nil
    }

    /// Renames a file. A file that has the new name is replaced in one step.
    public static func rename(_ old: String, to new: String) throws(Failure) {
        guard unsafe Glibc.rename(old, new) == 0 else {
            throw Failure("`\(old)` cannot be renamed to `\(new)`")
        }
    }

    /// Renames a file to a name that does not exist. No other process may change the directory meanwhile,
    /// because not every file system can refuse an existing name in one step.
    public static func rename(_ old: String, toNew new: String) throws(Failure) {
        guard !exists(new) else {
            throw Failure(description: "`\(old)` cannot be renamed to `\(new)`: there is a file")
        }
        try rename(old, to: new)
    }

    /// The identity of the file at a path, with links followed; nil when there is none.
    public static func targetIdentity(_ path: String) -> Identity? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    /// Makes an empty file that only its owner can read, or leaves an existing file as it is.
    public static func make(_ path: String) throws(Failure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Failure("`\(path)` cannot be made") }
        close(descriptor)
    }

    /// Removes a file or a link if it exists. Does not remove a directory.
    public static func remove(_ path: String) { _ = unsafe unlink(path) }

    /// The path of the directory that contains the file's name.
    public static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(decoding: path.utf8[..<slash], as: UTF8.self)
    }

    /// Syncs the names in the directory of a file to disk.
    public static func syncDirectory(of path: String) throws(Failure) {
        let directory = directory(of: path)
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("`\(directory)` cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure("`\(directory)` cannot be synced") }
    }
}
