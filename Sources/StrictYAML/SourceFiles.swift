public import Foundation

/// The contents of a configuration file and of the files it names, as they were read.
public final class SourceFiles {
    /// Keyed by the path that named the file.
    public private(set) var contents: [String: Data] = [:]

    /// No files yet.
    public init() {}

    /// The contents of the file; nil when it cannot be read.
    /// - Parameter name: the path as written
    public func read(_ path: String, named name: String) -> Data? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        contents[name] = data
        return data
    }
}
