internal import Foundation

/// Where the daemon keeps what no module may reach. Absolute paths.
public struct StatePaths: Sendable {
    /// Directories, and what each is for.
    public let directories: [(path: String, purpose: String)]
    /// The configuration, which says who may do what.
    public let configuration: String?
    /// What no module may even read where a variable of its environment names it.
    public let files: [String]

    /// - Parameters:
    ///   - database: the file; its write-ahead log and lock lie beside it
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
