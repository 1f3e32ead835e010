internal import Foundation
internal import Synchronization

/// Goes on with a task on the thread that read the answer it waited for: to wake another one costs about half of what a
/// token in software takes to sign. For tasks that do little but sign: such a thread reads its session's next answer when the
/// task waits for something. Whatever else the task waits for, it goes on on the threads of every task.
///
/// Of a message that answers several, none goes on there: they can go on beside each other.
public final class AnswerExecutor: TaskExecutor {
    public static let shared = AnswerExecutor()

    private init() {}

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if let thread = Thread.current as? AnswerThread, thread.keep(job) { return }
        DispatchQueue.global().async { self.run(job) }
    }

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

    override func main() {
        // Only a thread that runs can be named.
        name = "token-worker"
        body(self)
    }

    /// Hands answers out with `body`, and goes on with one of the tasks they were for until it waits: whatever it waits for,
    /// other answers are read then.
    func goOn<Result>(after body: () -> Result) -> Result {
        place.withLock { $0 = .free }
        let result = body()
        let place = place.withLock { place in
            defer { place = .closed }
            return place
        }
        if case .taken(let job) = place { AnswerExecutor.shared.run(job) }
        return result
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
