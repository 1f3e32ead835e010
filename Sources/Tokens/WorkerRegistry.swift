internal import Foundation
internal import Synchronization

/// The workers that this process has started and not yet reaped. Until then the kernel does not reuse their
/// identifiers.
///
/// There is one registry for the process. It is safe to use from any thread.
public enum WorkerRegistry {
    private static let running = Mutex<Set<Int32>>([])

    /// Whether the process is a worker of this one. A worker starts no process, so no descendant of one needs
    /// to be known.
    public static func contains(_ processIdentifier: Int32) -> Bool {
        running.withLock { $0.contains(processIdentifier) }
    }

    static func insert(_ processIdentifier: Int32) {
        running.withLock { _ = $0.insert(processIdentifier) }
    }

    /// Waits for the end of a worker, removes it from the registry and reaps it, in this order: after it is
    /// reaped, its identifier may already belong to another worker.
    static func reap(_ processIdentifier: Int32) {
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(processIdentifier), &information, WEXITED | WNOWAIT) < 0,
            errno == EINTR
        {}
        running.withLock { _ = $0.remove(processIdentifier) }
        while waitpid(processIdentifier, nil, 0) < 0, errno == EINTR {}
    }
}
