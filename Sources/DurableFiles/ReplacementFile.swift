internal import Foundation
internal import Glibc

/// A file that takes the place of another in one step. Readers see the old contents or the new ones, and never a part.
///
/// The directory must be one that only trusted users can change. A caller that writes the same file from several processes holds
/// the ``DirectoryLock``.
public struct ReplacementFile: Sendable {
    /// The path that it gets, with links followed.
    public let path: String
    private let unfinished: String

    /// Writes the contents beside the path, and syncs them to disk. The owner, the group and the mode are those of the file that is
    /// there; without one, they are this process's and `mode`. After an error nothing is left.
    public init(_ contents: some Sequence<UInt8>, for path: String, mode: UInt32) throws(FileNames.Failure) {
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let url = URL(fileURLWithPath: path)
        self.path = path
        unfinished =
            url.deletingLastPathComponent().appendingPathComponent(
                ".\(url.lastPathComponent).unfinished"
            ).path
        let before = FileNames.status(path)
        if let before, before.st_mode & S_IFMT != S_IFREG {
            throw FileNames.Failure(description: "`\(path)` is there and is no regular file")
        }
        // Of a process that was ended.
        FileNames.remove(unfinished)
        let descriptor = unsafe open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileNames.Failure("`\(unfinished)` cannot be made") }
        defer { close(descriptor) }
        do throws(FileNames.Failure) {
            try Self.write(Array(contents), to: descriptor, path)
            if let before, before.st_uid != geteuid() || before.st_gid != getegid() {
                guard fchown(descriptor, before.st_uid, before.st_gid) == 0 else {
                    throw FileNames.Failure(
                        "the owner uid \(before.st_uid) and group gid \(before.st_gid) of `\(path)` cannot be kept"
                    )
                }
            }
            guard fchmod(descriptor, before.map { $0.st_mode & 0o7777 } ?? mode) == 0 else {
                throw FileNames.Failure("the mode of `\(path)` cannot be kept")
            }
            guard fsync(descriptor) == 0 else { throw FileNames.Failure("`\(unfinished)` cannot be synced") }
        } catch {
            FileNames.remove(unfinished)
            throw error
        }
    }

    /// Gives the file its path.
    public func commit() throws(FileNames.Failure) {
        try FileNames.rename(unfinished, to: path)
        try FileNames.syncDirectory(of: path)
    }

    public func discard() { FileNames.remove(unfinished) }

    private static func write(
        _ contents: [UInt8], to descriptor: Int32, _ path: String
    ) throws(FileNames.Failure) {
        var written = 0
        while written < contents.count {
            let count = unsafe contents[written...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileNames.Failure("`\(path)` cannot be written") }
            written += count
        }
    }
}
