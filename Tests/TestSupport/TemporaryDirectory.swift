public import Foundation

/// A directory that is removed when it is no longer referenced.
public final class TemporaryDirectory: Sendable {
    public let path: String

    public init() throws {
        // Short, because the path of a socket has at most 107 octets.
        let random = String(UInt64.random(in: 0..<(1 << 40)), radix: 36)
        path = "/tmp/st-\(random)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    public func url(_ name: String) -> URL { URL(fileURLWithPath: path).appendingPathComponent(name) }

    public func path(_ name: String) -> String { url(name).path }

    public func write(_ name: String, _ data: Data) throws { try data.write(to: url(name)) }

    public func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
        try write(name, Data(text.utf8))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    }

    public func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: url(name)), as: UTF8.self)
    }

    public func handle(_ name: String) throws -> FileHandle {
        try write(name, Data())
        return try FileHandle(forWritingTo: url(name))
    }
}
