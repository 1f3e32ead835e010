internal import JSON
internal import VisibleText

/// An export as JSON lines.
///
/// It has no checkpoint, so missing lines at its end are noticed only when the last line is cut or no line is
/// left.
struct ExportedLines {
    private let path: String
    /// One for each line. ``event(_:at:)`` checks them.
    let events: [ArraySlice<UInt8>]

    /// Reads the file, and checks its end before any event is used.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        let bytes = Array(try InputFile.read(path))
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let rest = lines.removeLast()
        guard rest.isEmpty else {
            throw Self.failure(
                path, lines.count, because: "does not end with a line feed: the export was cut off")
        }
        guard let last = lines.last else {
            throw CommandFailure(
                message: "`\(path)` is empty: the export was cut off", hint: Self.hint, status: .usage)
        }
        events = lines
        let event = try event(last, at: lines.count - 1)
        guard (try? JSONValue(parsing: event)) != nil else {
            throw Self.failure(
                path, lines.count - 1, because: "is not JSON: the export was cut off or changed")
        }
    }

    /// - Returns: the line, if it can be an event
    func event(_ line: ArraySlice<UInt8>, at index: Int) throws(CommandFailure) -> ArraySlice<UInt8> {
        guard line.first == UInt8(ascii: "{"), line.last == UInt8(ascii: "}"), !line.contains(0) else {
            throw Self.failure(
                path, index, because: "is no event: this is no export of a log, or it was changed")
        }
        return line
    }

    private static let hint: EscapedText = "export again with `signet audit export --lines FILE`"

    private static func failure(
        _ path: String, _ index: Int, because reason: EscapedText
    ) -> CommandFailure {
        CommandFailure(message: "line \(index + 1) of `\(path)` \(reason)", hint: hint, status: .usage)
    }
}
