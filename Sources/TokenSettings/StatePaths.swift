internal import Foundation

/// Where the daemon keeps what no module may reach. Absolute paths.
public struct StatePaths: Sendable {
    /// Directories, and what each is for.
    public let directories: [(path: String, purpose: String)]
    /// The configuration, which says who may do what.
    public let configuration: String?

    /// - Parameters:
    ///   - database: the file; its write-ahead log and lock lie beside it
    ///   - socket: the file
    public init(database: String? = nil, socket: String? = nil, configuration: String? = nil) {
        directories = [(database, "the database"), (socket, "the socket")].compactMap { path, purpose in
            path.map { (URL(fileURLWithPath: $0).deletingLastPathComponent().path, purpose) }
        }
        self.configuration = configuration
    }
}
