public import VisibleText

/// Something wrong in a file written by hand: where, what, and what it should be.
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

    public var description: String {
        line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
    }
}

/// Everything that is wrong with a file, not just the first of it.
public struct StrictYAMLError: Error, Sendable, CustomStringConvertible {
    public let faults: [Fault]

    public init(faults: [Fault]) { self.faults = faults }

    /// Of a file that is not there, or not for this process.
    public static func unreadable(_ path: String) -> StrictYAMLError {
        StrictYAMLError(faults: [Fault(file: path, line: nil, message: "the file cannot be read")])
    }

    public var description: String { faults.map(\.description).joined(separator: "\n") }

    /// A line for each fault, safe to show.
    public var text: EscapedText { faults.map { "\($0)" as EscapedText }.joined(separator: "\n") }
}
