internal import VisibleText

/// Why the daemon does not start, with a hint for the operator.
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
