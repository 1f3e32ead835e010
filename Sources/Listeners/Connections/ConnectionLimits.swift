public import HTTPConnections

/// The limits on connections, and the deadlines of their phases.
public struct ConnectionLimits: Sendable, Hashable {
    /// Open at once, including the reserve.
    public var connections: Int
    /// For each user other than root and the daemon's.
    public var perUser: Int
    /// For all peers without a principal together.
    public var unmapped: Int
    /// Reserved for root and the daemon's own user.
    public var reserved: Int
    public var phases: PhaseLimits

    public init(connections: Int, perUser: Int, unmapped: Int, reserved: Int, phases: PhaseLimits) {
        self.connections = connections
        self.perUser = perUser
        self.unmapped = unmapped
        self.reserved = reserved
        self.phases = phases
    }
}
