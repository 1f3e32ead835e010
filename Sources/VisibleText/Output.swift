internal import Glibc
internal import Synchronization

/// Output of the programs. No other code writes to standard output and standard error.
///
/// It accepts ``EscapedText`` only, so that a command cannot forget to escape. `Scripts/check-output` refuses
/// `print` and the standard streams elsewhere.
public enum Output {
    /// Writes a line, or several, to standard output.
    public static func line(_ text: EscapedText) { write("\(text)\n") }

    /// Writes JSON, whose value does not change: see ``VisibleText/init(json:)``.
    public static func json(_ text: String) { line(EscapedText(json: text)) }

    /// Writes a document with its own lines, such as PEM. Visible text in it is unchanged.
    public static func document(_ text: String) { line(EscapedText(text, layout: .document)) }

    /// Writes to standard output at once, without a line feed: a question, or text with its own line feeds.
    public static func write(_ text: EscapedText) {
        guard !emit(text, to: STDOUT_FILENO), outputFault.load(ordering: .relaxed) == 0 else { return }
        outputFault.store(errno, ordering: .relaxed)
    }

    /// `errno` of the first write to standard output that failed; 0 for none.
    private static let outputFault = Atomic<Int32>(0)

    /// Why output to standard output was lost, such as a full disk; nil when none was.
    public static var outputLoss: String? {
        let fault = outputFault.load(ordering: .relaxed)
        return fault == 0 ? nil : unsafe String(cString: strerror(fault))
    }

    /// Writes a line to standard error.
    public static func note(_ text: EscapedText) { progress("\(text)\n") }

    /// `DEVICE:INODE` of standard error, as systemd names its journal in JOURNAL_STREAM (systemd.exec(5)).
    public static var errorDeviceAndInode: String? {
        var status = stat()
        guard unsafe fstat(STDERR_FILENO, &status) == 0 else { return nil }
        return "\(status.st_dev):\(status.st_ino)"
    }

    /// Writes to standard error without a line feed. If standard error is closed, the text is lost.
    public static func progress(_ text: EscapedText) { _ = emit(text, to: STDERR_FILENO) }

    /// False when a part was not written; `errno` has the reason.
    private static func emit(_ text: EscapedText, to descriptor: Int32) -> Bool {
        var rest = Array(text.text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Writes an error message and a hint.
    public static func error(_ message: EscapedText, hint: EscapedText? = nil) {
        note("error: \(message)")
        if let hint { note("hint: \(hint)") }
    }

    /// Whether standard error is a terminal.
    public static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
