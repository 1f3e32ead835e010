extension ApprovalRecord {
    /// The changes of a request's state.
    public enum StateChange: String, Sendable, CaseIterable {
        case approve
        case reject
        case expire
        /// It was carried out.
        case complete
        /// It could not be carried out.
        case fail
    }

    private static func transition(of change: StateChange) -> StateTransition<Status> {
        switch change {
        case .approve: StateTransition(from: [.pending], to: .approved)
        case .reject: StateTransition(from: [.pending], to: .rejected)
        case .expire: StateTransition(from: [.pending], to: .expired)
        case .complete: StateTransition(from: [.approved], to: .completed)
        case .fail: StateTransition(from: [.approved], to: .failed)
        }
    }

    public func allows(_ change: StateChange) -> Bool {
        Self.transition(of: change).origins.contains(status)
    }

    private mutating func change(
        _ change: StateChange, outcome: String? = nil
    ) throws(IllegalStateChange) {
        try Self.transition(of: change).apply(to: &status, for: change.rawValue)
        self.outcome = outcome
    }

    /// Ends the wait after the last required approval.
    public mutating func approve() throws(IllegalStateChange) { try change(.approve) }

    public mutating func reject(_ outcome: String) throws(IllegalStateChange) {
        try change(.reject, outcome: outcome)
    }

    public mutating func expire(_ outcome: String) throws(IllegalStateChange) {
        try change(.expire, outcome: outcome)
    }

    public mutating func complete() throws(IllegalStateChange) { try change(.complete) }

    /// - Parameter outcome: why it could not be carried out
    public mutating func fail(_ outcome: String) throws(IllegalStateChange) {
        try change(.fail, outcome: outcome)
    }
}
