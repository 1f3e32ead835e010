public import Foundation
public import Logging
public import RecordKeeping

/// Runs the jobs of the daemon when they are due, each in a task of its own, so that a slow one delays no
/// other. A job never runs twice at once.
public struct Scheduler: Sendable {
    private let jobs: [Job]
    private let board: JobBoard
    private let clock: Clock
    private let sleep: @Sendable (Date) async throws -> Void
    private let logger: Logger

    /// Seconds until a job that failed runs again. Doubled for each further failure.
    private static let firstPause: TimeInterval = 1

    /// - Parameter sleep: returns at a time, and throws when its task is cancelled
    public init(
        _ jobs: [Job], board: JobBoard, clock: Clock = .system, logger: Logger,
        sleep: @escaping @Sendable (Date) async throws -> Void = { end in
            try await Task.sleep(for: .seconds(max(0, end.timeIntervalSinceNow)))
        }
    ) {
        self.jobs = jobs
        self.board = board
        self.clock = clock
        self.sleep = sleep
        self.logger = logger
        for job in jobs { board.add(job.name, dueAt: clock.now()) }
    }

    /// Runs the jobs until its task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for job in jobs { group.addTask { await run(job) } }
        }
    }

    private func run(_ job: Job) async {
        // One stream for the time and for wakes, so that neither is lost while the job runs.
        let (times, time) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withDiscardingTaskGroup { group in
            group.addTask {
                if let wakes = job.wakes { for await _ in wakes { time.yield() } }
            }
            group.addTask {
                var timer: Task<Void, Never>?
                var pause = Self.firstPause
                time.yield()
                for await _ in times {
                    timer?.cancel()
                    let due = await runOnce(job, &pause)
                    timer = Task {
                        do { try await sleep(due) } catch { return }
                        time.yield()
                    }
                }
                timer?.cancel()
            }
        }
    }

    /// - Returns: when the job is due again
    private func runOnce(_ job: Job, _ pause: inout TimeInterval) async -> Date {
        board.update(job.name) {
            $0.state = .running
            $0.dueAt = nil
            $0.startedAt = clock.now()
        }
        let outcome: Job.Outcome
        do {
            outcome = try await job.run()
            pause = Self.firstPause
        } catch {
            outcome = Job.Outcome(next: clock.now().addingTimeInterval(pause), problem: "\(error)")
            pause = min(pause * 2, job.longestPause)
        }
        if Task.isCancelled { return outcome.next }
        var before: String?
        board.update(job.name) {
            before = $0.problem
            $0.problem = outcome.problem
            $0.state = outcome.problem == nil ? .waiting : .failing
            $0.dueAt = outcome.next
            $0.endedAt = clock.now()
        }
        switch (before, outcome.problem) {
        case (nil, let problem?):
            logger.error("a job failed", metadata: ["job": "\(job.name)", "reason": "\(problem)"])
        case (.some, nil): logger.notice("a job is done again", metadata: ["job": "\(job.name)"])
        default: break
        }
        return outcome.next
    }
}
