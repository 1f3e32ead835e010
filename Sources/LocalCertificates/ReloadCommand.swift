internal import CPlatform
internal import Glibc

/// A command that tells a service to read its files again.
struct ReloadCommand {
    /// A line for `/bin/sh -c`.
    let line: String

    /// A service that takes longer to reload is taken for one that hangs.
    private static let longestSeconds: Int32 = 300

    /// Runs the command and waits for the end of its shell. What the command prints goes to this process's
    /// standard error, so that it is not taken for output of this program. A process that the command leaves
    /// behind is not waited for.
    func run() throws(LocalCertificateFailure) {
        var status: Int32 = 0
        let error = unsafe signet_run_shell(line, Self.longestSeconds * 1000, &status)
        guard error != ETIMEDOUT else {
            throw LocalCertificateFailure(
                "the reload command `\(line)` has not ended after \(Self.longestSeconds) seconds")
        }
        guard error == 0 else {
            throw LocalCertificateFailure(
                "the reload command `\(line)` cannot be run: \(unsafe String(cString: strerror(error)))")
        }
        guard status == 0 else {
            // waitpid(2): the low seven bits are a signal's number, the next octet is the exit status.
            let signal = status & 0x7F
            throw LocalCertificateFailure(
                "the reload command `\(line)` ended with "
                    + (signal == 0 ? "status \(status >> 8 & 0xFF)" : "signal \(signal)"))
        }
    }
}
