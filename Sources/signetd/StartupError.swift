internal import VisibleText

/// Why the daemon does not start: what is wrong, and what to do about it.
struct StartupError: Error, Sendable {
    let message: EscapedText
    let hint: EscapedText
    let status: ExitStatus

    init(_ message: EscapedText, hint: EscapedText, status: ExitStatus) {
        self.message = message
        self.hint = hint
        self.status = status
    }
}
