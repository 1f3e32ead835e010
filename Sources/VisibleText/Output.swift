internal import Glibc

/// Where the programs write: the one place that reaches standard output and standard error.
///
/// It takes ``EscapedText`` only, so that a command cannot forget to escape. `Scripts/check-output` refuses
/// `print` and the standard streams elsewhere.
public enum Output {
    /// Writes a line, or several, to standard output.
    public static func line(_ text: EscapedText) { print(text.text) }

    /// Writes JSON, which stays exact: see ``VisibleText/init(json:)``.
    public static func json(_ text: String) { line(EscapedText(json: text)) }

    /// Writes a document that has lines of its own, such as PEM, and stays exact as far as it is text.
    public static func document(_ text: String) { line(EscapedText(text, layout: .document)) }

    /// Writes to standard output without a line feed, at once: a question, or text that has its own.
    public static func write(_ text: EscapedText) {
        print(text.text, terminator: "")
        fflush(nil)
    }

    /// Writes a line to standard error.
    public static func note(_ text: EscapedText) { progress("\(text)\n") }

    /// Writes to standard error without a line feed.
    public static func progress(_ text: EscapedText) {
        var rest = Array(text.text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            // A standard error that is closed hears nothing.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes an error message and a hint.
    public static func error(_ message: EscapedText, hint: EscapedText? = nil) {
        note("error: \(message)")
        if let hint { note("hint: \(hint)") }
    }

    /// Whether standard error is a terminal.
    public static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
