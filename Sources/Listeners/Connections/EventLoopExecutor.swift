internal import NIOCore

/// Runs the tasks of a connection on the thread of its event loop (SE-0417). A request and its answer then
/// stay on one thread. A request that computes for long delays the other connections of its event loop.
final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
