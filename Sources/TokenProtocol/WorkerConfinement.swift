/// The configurable part of a worker's sandbox.
public struct WorkerConfinement: Sendable, Hashable {
    /// The account of the worker; nil for the daemon's account.
    public var user: String?
    /// Absolute paths of files and directories that the module may read and write, with everything below
    /// them.
    public var paths: [String]
    /// Directories of the daemon that no module may access, regardless of other settings.
    public var protected: [String]
    /// Files that the module may not even read if they are in a system directory or its environment names
    /// them: PINs of other tokens, the configuration, the database.
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

extension WorkerConfinement {
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
