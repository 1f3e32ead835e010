import CSpawn
public import Foundation
import Synchronization

/// A program that runs beside the tests, in its own process group, with only three descriptors.
///
/// A thread of its own reaps the process when it ends, whether or not the test waits for it. The monitor of
/// exit tests in Swift Testing looks at any child that ended (waitid(2) with P_ALL), and waits in vain for
/// its own while another is left unreaped. Foundation's `Process` learns of an end through a run loop, which
/// several threads at once have been seen to wait for in vain.
public final class ChildProcess: Sendable {
    /// The kind of one of the program's three descriptors.
    public enum Stream: Sendable {
        case null
        case file(FileHandle)
        /// A pipe: the program has one end and the test has the other.
        case pipe(Pipe)
    }

    /// How a program ended.
    public enum Status: Sendable, Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    public let processIdentifier: Int32
    /// The pipes, closed when the test releases the process.
    private let streams: [Stream]
    private let end = End()

    /// The end of a process, which its thread sets and any number of threads wait for.
    private final class End: Sendable {
        /// Nil until the process is reaped; its number may belong to another from then on.
        private let status = Mutex<Status?>(nil)
        private let condition = NSCondition()

        var known: Status? { status.withLock { $0 } }

        /// Runs `body` unless the process is reaped.
        func whileRunning(_ body: () -> Void) { status.withLock { if $0 == nil { body() } } }

        func wait() -> Status {
            condition.lock()
            defer { condition.unlock() }
            while true {
                if let known { return known }
                condition.wait()
            }
        }

        /// Blocks until the process ends, and reaps it.
        func reap(_ process: pid_t) {
            var information = siginfo_t()
            // It stays a zombie until the lock is held, so that no signal is sent to another process of its
            // number.
            while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
            status.withLock { known in
                var status: Int32 = 0
                while waitpid(process, &status, 0) < 0, errno == EINTR {}
                // As WIFEXITED, WEXITSTATUS and WTERMSIG read it.
                let signal = status & 0x7F
                known = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
            }
            condition.lock()
            condition.broadcast()
            condition.unlock()
        }
    }

    /// Starts a program found on PATH.
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
        let reaper = Thread { [end, process] in end.reap(process) }
        reaper.stackSize = 256 * 1024
        reaper.start()
        // The test would wait for the end of its own ends.
        if case .pipe(let pipe) = input { try pipe.fileHandleForReading.close() }
        for case .pipe(let pipe) in [output, errors] { try pipe.fileHandleForWriting.close() }
    }

    /// Waits until the process ends.
    @discardableResult
    public func wait() -> Status { end.wait() }

    public var isRunning: Bool { end.known == nil }

    public func send(_ signal: Int32) {
        end.whileRunning { kill(processIdentifier, signal) }
    }

    /// Sends SIGTERM without waiting.
    public func terminate() { send(SIGTERM) }
}

extension ChildProcess.Status {
    /// The exit status as a shell reports it.
    public var code: Int32 {
        switch self {
        case .exited(let code): code
        case .killed(let signal): 128 + signal
        }
    }
}
