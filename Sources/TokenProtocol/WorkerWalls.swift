/// The configurable part of a worker's sandbox.
public struct WorkerWalls: Sendable, Hashable {
    /// The account of the worker; nil for the daemon's own.
    public var user: String?
    /// Files and directories the module may read and write, with everything below them. Absolute.
    public var paths: [String]
    /// Directories of the daemon that no module may reach, regardless of other settings.
    public var protected: [String]
    /// Files that the module may not even read where a directory of the system holds them or its environment
    /// names them: PINs of other tokens, the configuration, the database.
    public var hidden: [String]

    public init(
        user: String? = nil, paths: [String] = [], protected: [String] = [], hidden: [String] = []
    ) {
        self.user = user
        self.paths = paths
        self.protected = protected
        self.hidden = hidden
    }
}

extension WorkerWalls {
    func write(to writer: inout FrameWriter) {
        writer.put(user != nil)
        writer.put(user ?? "")
        writer.put(paths)
        writer.put(protected)
        writer.put(hidden)
    }

    init(from reader: inout FrameReader) throws(FrameError) {
        let hasUser = try reader.boolean()
        let name = try reader.string()
        user = hasUser ? name : nil
        paths = try reader.strings()
        protected = try reader.strings()
        hidden = try reader.strings()
    }
}
