internal import NIOCore

/// Runs the tasks of a connection on the thread of its event loop (SE-0417). A request then starts on the thread that read it, and
/// its answer is written from the thread that writes it, without a hand-over to another thread.
final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
