internal import CPlatform
internal import Foundation

/// A PIN that was entered at the daemon's start. A separate process reads it into memory that the daemon
/// passes to its workers and never reads. The memory is closed with the last reference.
public final class PINMemory: Sendable {
    let descriptor: Int32

    /// Where the PIN comes from.
    public enum Source: Sendable {
        /// The terminal of the daemon, without an echo.
        case terminal(prompt: String)
        /// A descriptor the daemon was started with, read to its end.
        case descriptor(Int32)
    }

    /// Starts the process that reads the PIN, and waits for its end.
    /// - Parameter workerPath: absolute path of `signet-token-worker`, which reads the PIN
    public init(asking source: Source, workerPath: String) throws(PINMemoryError) {
        // Room for a PIN and its length, as `SecretBytes` writes it.
        descriptor = signet_secret_memory(4096)
        guard descriptor >= 0 else { throw .noMemory }
        var input: Int32 = 0
        var arguments = [workerPath, "--collect-pin"]
        switch source {
        case .terminal(let prompt): arguments.append(prompt)
        case .descriptor(let number): input = number
        }
        var pid: pid_t = 0
        let error = unsafe withCStrings(arguments) { list in
            unsafe signet_spawn_collector(workerPath, list, input, descriptor, &pid)
        }
        guard error == 0 else { throw .cannotAsk(errno: error) }
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        // wait(2): 0 for a process that exited with 0.
        guard status == 0 else { throw .notGiven }
    }

    deinit { close(descriptor) }
}

/// Why there is no PIN.
public enum PINMemoryError: Error, Sendable, CustomStringConvertible {
    case noMemory
    case cannotAsk(errno: Int32)
    /// No PIN was read. The process wrote the reason to standard error.
    case notGiven

    public var description: String {
        switch self {
        case .noMemory: "there is no memory for the PIN"
        case .cannotAsk(let number):
            "the PIN cannot be asked for: \(unsafe String(cString: strerror(number)))"
        case .notGiven: "the PIN was not given"
        }
    }
}
