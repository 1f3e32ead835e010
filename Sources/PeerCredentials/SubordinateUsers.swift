internal import CPlatform
internal import Glibc
internal import Synchronization

/// The ranges of subordinate users (subuid(5)): users that an ordinary user may become in a user namespace.
///
/// The file is looked at again when it has changed, because `useradd` gives a new user a range.
public final class SubordinateUsers: Sendable {
    /// `owner` may become each user of `range`. An owner without an account here is nil; its range counts all
    /// the same.
    struct Entry: Sendable, Hashable {
        let owner: UInt32?
        let range: ClosedRange<UInt32>
    }

    /// Identifies one state of the file.
    private struct Version: Equatable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    private struct State {
        var version: Version?
        var entries: [Entry] = []
    }

    private let path: String
    private let state = Mutex(State())

    /// - Parameter path: a file in the form of subuid(5); one that does not exist has no ranges
    public init(path: String = "/etc/subuid") { self.path = path }

    /// The answer to whether a user is a subordinate one.
    public enum Standing: Sendable, Hashable {
        case ordinary
        /// The user that owns the range; nil when it has no account here.
        case subordinate(of: UInt32?)
    }

    /// A file that is there and cannot be read makes every user above the ranges of system and login users
    /// (65,535) a subordinate one: a group would otherwise be believed.
    public func standing(of uid: UInt32) -> Standing {
        state.withLock { state in
            let version = version()
            if version == nil || version != state.version {
                state.version = version
                state.entries = version == nil ? [] : read()
            }
            guard let entry = state.entries.first(where: { $0.range.contains(uid) }) else { return .ordinary }
            return .subordinate(of: entry.owner)
        }
    }

    private func version() -> Version? {
        var status = stat()
        guard unsafe fstatat(AT_FDCWD, path, &status, 0) == 0 else { return nil }
        return Version(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }

    /// Below are the system's and login users, above are users that only ranges give.
    private static let firstUnknown: UInt32 = 65_536

    /// A decimal number as useradd(8) writes it. A leading zero makes it octal for newuidmap(1).
    private static func plain(_ octets: ArraySlice<UInt8>) -> UInt32? {
        octets.count > 1 && octets.first == UInt8(ascii: "0") ? nil : UInt32(decimal: octets)
    }

    private func read() -> [Entry] {
        guard let octets = fileOctets(path, atMost: 4 * 1024 * 1024) else {
            return [Entry(owner: nil, range: Self.firstUnknown...UInt32.max)]
        }
        return Self.entries(in: octets) { name in
            var uid: UInt32 = 0
            return unsafe signet_find_user(name, &uid) == 0 ? uid : nil
        }
    }

    /// Lines of `user:first:count`; `user` is a name or a number. A line of three fields whose range cannot
    /// be read may be one that newuidmap(1) reads otherwise: it counts as every user above the system's and
    /// login users.
    static func entries(in octets: [UInt8], uid: (String) -> UInt32?) -> [Entry] {
        octets.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count == 3, line.first != UInt8(ascii: "#") else { return nil }
            let owner = UInt32(decimal: fields[0]) ?? uid(String(decoding: fields[0], as: UTF8.self))
            guard let first = plain(fields[1]), let count = plain(fields[2]) else {
                return Entry(owner: owner, range: firstUnknown...UInt32.max)
            }
            guard count > 0 else { return nil }
            let (last, overflows) = first.addingReportingOverflow(count - 1)
            return Entry(owner: owner, range: first...(overflows ? UInt32.max : last))
        }
    }
}

/// The octets of a small file; nil when it cannot be read or is longer than that.
func fileOctets(_ path: String, atMost most: Int) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var octets: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count >= 0, octets.count + count <= most else { return nil }
        if count == 0 { return octets }
        octets.append(contentsOf: chunk[0..<count])
    }
}
