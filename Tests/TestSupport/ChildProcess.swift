import CSpawn
public import Foundation
import Synchronization

/// A program that runs beside the tests, in a process group of its own and with no descriptors but the three it is given.
///
/// It is waited for with waitpid(2). Foundation's `Process` learns of an end through a run loop, which several threads at once have
/// been seen to wait for in vain.
public final class ChildProcess: Sendable {
    /// What one of the program's three descriptors is.
    public enum Stream: Sendable {
        case null
        case file(FileHandle)
        /// The program has one end and the test has the other.
        case pipe(Pipe)
    }

    /// How a program ended.
    public enum Status: Sendable, Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    public let processIdentifier: Int32
    /// The pipes, which end when the test has no use for the process any more.
    private let streams: [Stream]
    /// Nil until the process is reaped; its number may belong to another from then on.
    private let ended = Mutex<Status?>(nil)

    /// Starts a program that PATH is searched for.
    /// - Parameter environment: is added to the variables of the tests
    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
        input: Stream = .null, output: Stream = .null, errors: Stream = .null
    ) throws {
        let variables = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in [input, output, errors].enumerated() {
            let descriptor =
                switch stream {
                case .null: null
                case .file(let file): file.fileDescriptor
                case .pipe(let pipe):
                    (number == 0 ? pipe.fileHandleForReading : pipe.fileHandleForWriting).fileDescriptor
                }
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        signet_spawn_close_from(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

        var words = (["/usr/bin/env", program] + arguments).map { strdup($0) } + [nil]
        var assignments = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + assignments { free(text) } }
        var process: pid_t = 0
        let error = posix_spawn(&process, "/usr/bin/env", &actions, &attributes, &words, &assignments)
        guard error == 0 else {
            throw CommandFailure(
                description: "\(program) cannot be started: \(String(cString: strerror(error)))")
        }
        processIdentifier = process
        streams = [input, output, errors]
        // The test would wait for the end of its own ends.
        if case .pipe(let pipe) = input { try pipe.fileHandleForReading.close() }
        for case .pipe(let pipe) in [output, errors] { try pipe.fileHandleForWriting.close() }
    }

    /// Waits for the end of the process.
    @discardableResult
    public func wait() -> Status {
        var information = siginfo_t()
        // It is reaped below, once: until then no other process has its number.
        while waitid(P_PID, id_t(processIdentifier), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        return reap(0) ?? .exited(-1)
    }

    public var isRunning: Bool { reap(WNOHANG) == nil }

    public func send(_ signal: Int32) {
        ended.withLock { if $0 == nil { kill(processIdentifier, signal) } }
    }

    /// Asks it to end, and does not wait.
    public func terminate() { send(SIGTERM) }

    private func reap(_ options: Int32) -> Status? {
        ended.withLock { ended in
            if let ended { return ended }
            var status: Int32 = 0
            var reaped = waitpid(processIdentifier, &status, options)
            while reaped < 0, errno == EINTR { reaped = waitpid(processIdentifier, &status, options) }
            guard reaped == processIdentifier else { return nil }
            // As WIFEXITED, WEXITSTATUS and WTERMSIG read it.
            let signal = status & 0x7F
            ended = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
            return ended
        }
    }
}

extension ChildProcess.Status {
    /// As a shell gives it.
    public var code: Int32 {
        switch self {
        case .exited(let code): code
        case .killed(let signal): 128 + signal
        }
    }
}
