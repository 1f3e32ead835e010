internal import Foundation
internal import Synchronization

/// Goes on with a task on the thread that read the answer it waited for: to wake another one costs about half of what a
/// token in software takes to sign. For tasks that do little but sign: such a thread reads its session's next answer when the
/// task waits for something, and a task that holds it past a deadline costs the worker. Whatever else the task waits for, it
/// goes on on a thread of Dispatch's global queue.
///
/// Of a message that answers several, none goes on there: they can go on beside each other.
package final class AnswerExecutor: TaskExecutor {
    package static let shared = AnswerExecutor()

    private init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if let thread = Thread.current as? AnswerThread, thread.keep(job) { return }
        runElsewhere(job)
    }

    fileprivate func runElsewhere(_ job: UnownedJob) { DispatchQueue.global().async { self.run(job) } }

    fileprivate func run(_ job: UnownedJob) {
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }
}

/// The thread that reads a worker's answers.
final class AnswerThread: Thread {
    private enum Place {
        /// This thread does something else.
        case closed
        case free
        case taken(UnownedJob)
    }

    private let body: @Sendable (AnswerThread) -> Void
    private let place = Mutex(Place.closed)

    init(_ body: @escaping @Sendable (AnswerThread) -> Void) {
        self.body = body
        super.init()
    }

    override func main() { body(self) }

    /// Hands answers out with `body`, and goes on with one of the tasks they were for until it waits: whatever it waits for,
    /// other answers are read then. When `body` says that no more are to be read, the task goes on elsewhere.
    /// - Returns: what `body` says
    func goOn(after body: () -> Bool) -> Bool {
        place.withLock { $0 = .free }
        let isReadingOn = body()
        let place = place.withLock { place in
            defer { place = .closed }
            return place
        }
        if case .taken(let job) = place {
            if isReadingOn {
                AnswerExecutor.shared.run(job)
            } else {
                AnswerExecutor.shared.runElsewhere(job)
            }
        }
        return isReadingOn
    }

    /// Keeps a job for ``goOn(after:)``; false when there is one already, or none is wanted.
    fileprivate func keep(_ job: UnownedJob) -> Bool {
        place.withLock { place in
            guard case .free = place else { return false }
            place = .taken(job)
            return true
        }
    }
}
