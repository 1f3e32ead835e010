internal import CPlatform
internal import Glibc
public import TrustedPaths

/// A file that replaces another in one step. Readers see the old contents or the new ones, never a part.
///
/// If several processes write the same file, each holds the ``DirectoryLock``.
public struct ReplacementFile: Sendable {
    public let place: TrustedPlace
    private let unfinished: String
    /// Whether the path had a file when this one was made.
    private let replacesFile: Bool

    /// The name of the new file until it is complete.
    public static func unfinishedPath(of place: TrustedPlace) -> String {
        path(beside: place, suffix: "unfinished")
    }
    /// The name of the replaced contents until ``removePrevious(_:)``.
    private static func previousPath(of place: TrustedPlace) -> String {
        path(beside: place, suffix: "previous")
    }

    /// The path of a file `.NAME.suffix` in the directory of the place.
    public static func path(beside place: TrustedPlace, suffix: String) -> String {
        let name = place.path.utf8.dropFirst(place.directory.utf8.count).drop { $0 == UInt8(ascii: "/") }
        return "\(place.directory)/.\(String(decoding: name, as: UTF8.self)).\(suffix)"
    }

    /// Writes the contents to a file beside the path, and syncs it to disk. It gets owner, group and mode of
    /// the existing file, or, without one, those of this process and `mode`. After an error no file is left.
    /// - Parameter withheld: permission bits that the file does not get, even if the existing file has them
    public init(
        _ contents: some Sequence<UInt8>, at place: TrustedPlace, mode: UInt32, withheld: UInt32 = 0
    ) throws(FileNames.Failure) {
        self.place = place
        unfinished = Self.unfinishedPath(of: place)
        let before = FileNames.status(place.path)
        replacesFile = before != nil
        if let before, before.st_mode & S_IFMT != S_IFREG {
            throw FileNames.Failure(description: "`\(place.path)` is there and is no regular file")
        }
        // With an access control list the group bits are its mask, and would give the group more permissions.
        if before != nil, unsafe signet_has_access_list(place.path) != 0 {
            throw FileNames.Failure(
                description:
                    "`\(place.path)` has an access control list, which a replacement would lose; remove it (setfacl --remove-all) or write another file"
            )
        }
        // A file left by a process that was killed.
        FileNames.remove(unfinished)
        let descriptor = unsafe open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileNames.Failure("`\(unfinished)` cannot be made") }
        defer { close(descriptor) }
        do throws(FileNames.Failure) {
            // A default list of the directory would give other users access.
            guard signet_remove_access_list(descriptor) == 0 else {
                throw FileNames.Failure("the access control list of `\(unfinished)` cannot be removed")
            }
            try Self.write(Array(contents), to: descriptor, place.path)
            // With the set-group-ID bit, the directory determines the group.
            var own = stat()
            guard unsafe fstat(descriptor, &own) == 0 else {
                throw FileNames.Failure("`\(unfinished)` cannot be examined")
            }
            if let before, before.st_uid != own.st_uid || before.st_gid != own.st_gid {
                guard fchown(descriptor, before.st_uid, before.st_gid) == 0 else {
                    throw FileNames.Failure(
                        "the owner uid \(before.st_uid) and group gid \(before.st_gid) of `\(place.path)` cannot be kept"
                    )
                }
            }
            guard fchmod(descriptor, (before.map { $0.st_mode & 0o7777 } ?? mode) & ~withheld) == 0 else {
                throw FileNames.Failure("the mode of `\(place.path)` cannot be kept")
            }
            guard fsync(descriptor) == 0 else {
                throw FileNames.Failure("`\(unfinished)` cannot be synced")
            }
        } catch {
            FileNames.remove(unfinished)
            throw error
        }
    }

    /// Renames the file to its path. The previous contents are kept until ``removePrevious(_:)`` or
    /// ``rollBack()``.
    public func commit() throws(FileNames.Failure) {
        let previous = Self.previousPath(of: place)
        if FileNames.exists(place.path) {
            FileNames.remove(previous)
            guard unsafe link(place.path, previous) == 0 else {
                throw FileNames.Failure("the contents of `\(place.path)` cannot be kept as `\(previous)`")
            }
        }
        try FileNames.rename(unfinished, to: place.path)
        try FileNames.syncDirectory(of: place.path)
    }

    /// Removes the previous contents.
    public static func removePrevious(_ place: TrustedPlace) { FileNames.remove(previousPath(of: place)) }

    /// Restores the previous contents, or removes the file if there were none. Needs no space on the disk.
    public func rollBack() throws(FileNames.Failure) {
        let previous = Self.previousPath(of: place)
        if FileNames.exists(previous) {
            try FileNames.rename(previous, to: place.path)
            // rename(2) does nothing when both names are of the same file.
            FileNames.remove(previous)
        } else if !replacesFile {
            FileNames.remove(place.path)
        }
        try FileNames.syncDirectory(of: place.path)
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
