internal import TokenProtocol

extension Token {
    /// State that signing reads without waiting for the actor: the current worker and its admitted keys. It
    /// is reset with each new worker.
    struct Service {
        var process: WorkerProcess?
        /// Whether the breaker waits for a success.
        var isSuspect = false
        /// The time from which opening the token may be tried; nil while it is open, being opened, refused or
        /// out of service.
        var mayOpenFrom: ContinuousClock.Instant? = .now
        /// The keys whose evidence was accepted in this worker's login.
        var admitted: [[UInt8]: KeyKind] = [:]
        /// Keys that the token did not have, with the time of the last search.
        var missing: [[UInt8]: ContinuousClock.Instant] = [:]
    }
}
