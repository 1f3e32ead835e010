internal import Foundation

/// The absolute paths of the daemon's files that no module may reach.
public struct StatePaths: Sendable {
    /// Directories, each with its purpose.
    public let directories: [(path: String, purpose: String)]
    /// The configuration, which has the permissions.
    public let configuration: String?
    /// Files that no module may read even if a variable of its environment names them.
    public let files: [String]

    /// - Parameters:
    ///   - database: the file; its write-ahead log and lock are in the same directory
    ///   - socket: the file
    public init(database: String? = nil, socket: String? = nil, configuration: String? = nil) {
        directories = [(database, "the database"), (socket, "the socket")].compactMap { path, purpose in
            path.map { (URL(fileURLWithPath: $0).deletingLastPathComponent().path, purpose) }
        }
        self.configuration = configuration
        // SQLite's "Temporary Files", and the daemon's lock.
        let ofDatabase = database.map { path in ["", "-wal", "-shm", "-journal", ".lock"].map { path + $0 } }
        files = (ofDatabase ?? []) + [socket, configuration].compactMap { $0 }
    }
}
