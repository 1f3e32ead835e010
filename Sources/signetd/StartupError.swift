internal import VisibleText

/// Why the daemon does not start: what is wrong, and what to do about it.
struct StartupError: Error, Sendable {
    let message: VisibleText
    let hint: VisibleText
    /// As in sysexits(3): 78 for the configuration, 69 for something that is not there, 75 for something in
    /// use.
    let exitCode: Int32

    init(_ message: VisibleText, hint: VisibleText, exitCode: Int32) {
        self.message = message
        self.hint = hint
        self.exitCode = exitCode
    }
}
