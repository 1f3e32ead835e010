internal import Glibc

/// What tells whether a file is still the one that was found: it was neither replaced nor written.
public struct FileIdentity: Sendable, Hashable {
    public let inode: UInt64
    public let octets: Int64
    /// In nanoseconds since 1970.
    public let modifiedAt: Int64

    /// Nil for anything but a regular file. A link is not followed.
    public init?(path: String) {
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        inode = UInt64(facts.st_ino)
        octets = Int64(facts.st_size)
        modifiedAt = Int64(facts.st_mtim.tv_sec) * 1_000_000_000 + Int64(facts.st_mtim.tv_nsec)
    }
}
