internal import DurableFiles
internal import Foundation

/// A file of the published directory as it was found: its identity decides whether it is still the same.
struct PublishedFile: Sendable, Hashable {
    /// The last part of its path without the extension: the id of an authority.
    let authority: String
    let path: String
    let identity: FileIdentity

    /// Nil for anything but a regular file. A link is not followed: the directory has none.
    init?(authority: String, path: String) {
        guard let identity = FileIdentity(path: path) else { return nil }
        self.authority = authority
        self.path = path
        self.identity = identity
    }

    /// The entity tag of its octets (RFC 9110, section 8.8.3).
    var tag: String { "\(identity.inode)-\(identity.modifiedAt)-\(identity.octets)" }

    /// Its octets, if it is still the file that was found.
    func contents() -> [UInt8]? {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)),
            FileIdentity(path: path) == identity, Int64(data.count) == identity.octets
        else { return nil }
        return Array(data)
    }
}
