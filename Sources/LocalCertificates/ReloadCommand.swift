internal import Foundation

/// A command that tells a service to read its files again.
struct ReloadCommand {
    /// A line for `/bin/sh -c`.
    let line: String

    /// Runs the command and waits for its end. Its output goes to this process's standard error.
    func run() throws(LocalCertificateFailure) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // What the command prints must not be taken for output of this program.
        process.arguments = ["-c", "exec 1>&2\n\(line)"]
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch {
            throw LocalCertificateFailure(
                "the reload command `\(line)` cannot be run: \(error.localizedDescription)")
        }
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let end = process.terminationReason == .exit ? "status" : "signal"
            throw LocalCertificateFailure(
                "the reload command `\(line)` ended with \(end) \(process.terminationStatus)")
        }
    }
}
