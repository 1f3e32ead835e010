internal import VisibleText

/// Why the daemon does not start: what is wrong, and what to do about it.
struct StartupError: Error, Sendable {
    let message: EscapedText
    let hint: EscapedText
    /// As in sysexits(3): 78 for the configuration, 69 for something that is not there, 75 for something in
    /// use.
    let exitCode: Int32

    init(_ message: EscapedText, hint: EscapedText, exitCode: Int32) {
        self.message = message
        self.hint = hint
        self.exitCode = exitCode
    }
}
