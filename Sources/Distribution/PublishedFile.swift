internal import Foundation
internal import Glibc

/// A file of the published directory as it was found: its identity decides whether it is still the same.
struct PublishedFile: Sendable, Hashable {
    /// The last part of its path without the extension: the id of an authority.
    let authority: String
    let path: String
    let inode: UInt64
    let octets: Int64
    /// In nanoseconds since 1970.
    let modifiedAt: Int64

    /// Nil for anything but a regular file. A link is not followed: the directory has none.
    init?(authority: String, path: String) {
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        self.authority = authority
        self.path = path
        inode = UInt64(facts.st_ino)
        octets = Int64(facts.st_size)
        modifiedAt = Int64(facts.st_mtim.tv_sec) * 1_000_000_000 + Int64(facts.st_mtim.tv_nsec)
    }

    /// Its octets, if it is still the file that was found.
    func contents() -> [UInt8]? {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)), Int64(data.count) == octets else {
            return nil
        }
        return Array(data)
    }
}

/// The id of an authority: a lower-case UUID. Names of files and paths of requests are compared with it octet by
/// octet, so that a path never leaves its directory.
enum AuthorityID {
    static func isOne(_ text: some StringProtocol) -> Bool {
        let octets = text.utf8
        guard octets.count == 36 else { return false }
        return octets.enumerated().allSatisfy { place, octet in
            switch place {
            case 8, 13, 18, 23: octet == UInt8(ascii: "-")
            default:
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(octet)
            }
        }
    }
}
