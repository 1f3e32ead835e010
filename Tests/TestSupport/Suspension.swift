internal import Foundation
internal import Synchronization

/// Stops a process, which then looks like one whose module hangs. The process is killed at the latest when
/// the test ends.
public final class Suspension: Sendable {
    private let process: Int32
    private let isOver = Mutex(false)

    /// Returns once every thread of the process has stopped, because a signal takes time on a busy machine.
    public init(_ process: Int32) throws {
        self.process = process
        Foundation.kill(process, SIGSTOP)
        for _ in 0..<500 {
            if Self.states(process).allSatisfy({ $0 == "T" }) { return }
            usleep(10_000)
        }
        throw CommandFailure(description: "process \(process) does not stop")
    }

    deinit { kill() }

    /// Continues the process.
    public func end() { finish(with: SIGCONT) }

    /// Kills the process.
    public func kill() { finish(with: SIGKILL) }

    /// Only once, because the identifier may belong to another process later.
    private func finish(with signal: Int32) {
        let isFirst = isOver.withLock { isOver in
            defer { isOver = true }
            return !isOver
        }
        if isFirst { Foundation.kill(process, signal) }
    }

    /// The state letters of the process's threads (proc(5), `stat`).
    private static func states(_ process: Int32) -> [Character] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return tasks.compactMap { task in
            let text =
                (try? String(contentsOfFile: "/proc/\(process)/task/\(task)/stat", encoding: .utf8)) ?? ""
            return text.split(separator: ")").last?.first { $0 != " " }
        }
    }
}
