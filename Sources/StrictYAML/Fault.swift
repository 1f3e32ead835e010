internal import Foundation
public import VisibleText

/// A fault in a file written by hand, with its place and the expected value.
public struct Fault: Sendable, Hashable, CustomStringConvertible {
    public let file: String
    /// From 1; nil when the fault is not on one line.
    public let line: Int?
    public let message: String

    public init(file: String, line: Int?, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// Why a file could not be read, such as `does not exist`.
    public static func reading(_ path: String) -> String {
        let manager = FileManager.default
        guard manager.fileExists(atPath: path) else { return "does not exist" }
        let type = try? manager.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        if type == .typeDirectory { return "is a directory" }
        return manager.isReadableFile(atPath: path)
            ? "cannot be read" : "cannot be read: this user may not read it"
    }

    public var description: String {
        line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
    }
}

/// All faults of a file, not just the first.
public struct StrictYAMLError: Error, Sendable, CustomStringConvertible {
    public let faults: [Fault]

    /// - Parameter faults: a fault of a file that several entries name is kept once
    public init(faults: [Fault]) {
        var seen: Set<Fault> = []
        self.faults = faults.filter { seen.insert($0).inserted }
    }

    /// The error for a file that is missing or not readable.
    /// - Parameters:
    ///   - path: the absolute path
    ///   - name: the path as it was written
    public static func unreadable(_ path: String, named name: String) -> StrictYAMLError {
        StrictYAMLError(faults: [
            Fault(file: name, line: nil, message: "the file \(Fault.reading(path))")
        ])
    }

    public var description: String { faults.map(\.description).joined(separator: "\n") }

    /// One line for each fault, escaped.
    public var text: EscapedText { faults.map { "\($0)" as EscapedText }.joined(separator: "\n") }
}
