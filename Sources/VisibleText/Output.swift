internal import Foundation

/// Where the programs write: the one place that reaches standard output and standard error.
///
/// It takes ``VisibleText`` only, so that a command cannot forget to escape. `Scripts/check-layers` refuses `print` and
/// the standard streams elsewhere.
public enum Output {
    /// Writes a line, or several, to standard output.
    public static func line(_ text: VisibleText) { print(text.text) }

    /// Writes to standard output without a line feed, at once: a question, or text that has its own.
    public static func write(_ text: VisibleText) {
        print(text.text, terminator: "")
        fflush(nil)
    }

    /// Writes a line to standard error.
    public static func note(_ text: VisibleText) { progress("\(text)\n") }

    /// Writes to standard error without a line feed.
    public static func progress(_ text: VisibleText) {
        FileHandle.standardError.write(Data(text.text.utf8))
    }

    /// Says what went wrong, and what helps.
    public static func error(_ message: VisibleText, hint: VisibleText? = nil) {
        note("error: \(message)")
        if let hint { note("hint: \(hint)") }
    }

    /// Whether standard error is a terminal.
    public static var isErrorTerminal: Bool { isatty(FileHandle.standardError.fileDescriptor) == 1 }
}
