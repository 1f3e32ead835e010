internal import CPlatform
internal import Glibc

/// A command that makes a service read its files again.
struct ReloadCommand {
    /// A line for `/bin/sh -c`.
    let line: String

    /// A command that takes longer counts as failed.
    private static let longestSeconds: Int32 = 300

    /// Runs the command and waits for its shell to end. The command's output goes to this process's standard
    /// error, so that it does not mix with the program's own output. Processes that the command leaves
    /// running are not waited for.
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
