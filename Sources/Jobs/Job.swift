public import Foundation

/// Work of the daemon that is due at times.
///
/// No job stores when it is due: each finds that out from durable records, such as the end of a CRL or of a
/// waiting request. So every job runs once after a start, and catches up with what was missed.
public struct Job: Sendable {
    /// The outcome of one run.
    public struct Outcome: Sendable {
        /// When the job is due again.
        public var next: Date
        /// What is not done, for the operator; nil when everything is.
        public var problem: String?

        public init(next: Date, problem: String? = nil) {
            self.next = next
            self.problem = problem
        }
    }

    /// Such as `publish-crls`.
    public let name: String
    /// Has the job run before it is due: an element for each time, and several can share one. Nil for a job
    /// that only waits for its time.
    let wakes: AsyncStream<Void>?
    /// The longest pause after failures, in seconds.
    let longestPause: TimeInterval
    let run: @Sendable () async throws -> Outcome

    /// - Parameter run: one run. An error is logged, and the job runs again after a pause
    public init(
        _ name: String, wokenBy wakes: AsyncStream<Void>? = nil, longestPause: TimeInterval = 60,
        run: @escaping @Sendable () async throws -> Outcome
    ) {
        self.name = name
        self.wakes = wakes
        self.longestPause = longestPause
        self.run = run
    }
}
