public import Foundation

/// The files a configuration consists of, as they were read: itself, and those it names.
public final class SourceFiles {
    /// By the path that named the file.
    public private(set) var contents: [String: Data] = [:]

    /// No files yet.
    public init() {}

    /// What the file holds; nil when it cannot be read.
    /// - Parameter name: the path as it was given
    public func read(_ path: String, named name: String) -> Data? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        contents[name] = data
        return data
    }
}
