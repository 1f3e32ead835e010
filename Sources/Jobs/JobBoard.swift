public import Foundation
internal import Synchronization

/// What is known of a job since the start of the daemon.
public struct JobStatus: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        case waiting = "WAITING"
        case running = "RUNNING"
        /// The last run left something undone.
        case failing = "FAILING"
    }

    public let name: String
    public var state: State
    /// When it is due; nil while it runs.
    public var dueAt: Date?
    public var startedAt: Date?
    public var endedAt: Date?
    /// What the last run left undone.
    public var problem: String?
}

/// The jobs of the daemon, for those who look.
public final class JobBoard: Sendable {
    private let jobs = Mutex<[JobStatus]>([])

    public init() {}

    /// In the order of the daemon's list.
    public var statuses: [JobStatus] { jobs.withLock { $0 } }

    func add(_ name: String, dueAt: Date) {
        jobs.withLock { $0.append(JobStatus(name: name, state: .waiting, dueAt: dueAt)) }
    }

    func update(_ name: String, _ change: (inout JobStatus) -> Void) {
        jobs.withLock { jobs in
            guard let place = jobs.firstIndex(where: { $0.name == name }) else { return }
            change(&jobs[place])
        }
    }
}
