internal import TokenProtocol

extension Token {
    /// What signing looks at without waiting for the actor: the worker that serves and what it may sign with. A new worker
    /// begins with nothing.
    struct Service {
        var process: WorkerProcess?
        /// Whether the breaker waits for a success.
        var isSuspect = false
        /// From when on it is worth asking for the token to be opened: nil while it is open, being opened, refused or out of
        /// service.
        var mayOpenFrom: ContinuousClock.Instant? = .now
        /// The keys whose evidence was accepted, in the login of this worker.
        var admitted: [[UInt8]: KeyKind] = [:]
        /// The keys this token was asked for and did not have, and when it was asked last.
        var missing: [[UInt8]: ContinuousClock.Instant] = [:]
    }
}
