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
    /// Seconds until a request's head is complete, from the moment the connection is accepted or the last
    /// answer is sent; until its body is complete, from its head; and until an answer is sent, from its first
    /// octet, beside the time its size allows.
    public var idleSeconds: Int
    /// Seconds until a complete request is answered.
    public var handlingSeconds: Int

    /// An answer gets one more second for each so many octets.
    static let octetsPerSecond = 65_536
    /// Heads that may be read before their predecessors are answered. No client of the API sends one before.
    static let mostOutstanding = 4
    /// Octets of the names and values of a head, with those of its trailers; heads of the API's clients have
    /// some 1,000.
    static let mostHeadOctets = 32_768
    /// Octets of one field of a head.
    static let mostFieldOctets = 16_384
    static let mostFields = 200
    /// Octets that the decoder keeps of a head that is not complete.
    static let mostBufferedOctets = 65_536
    /// Seconds a phase may go on once the daemon is stopping, but for handling.
    static let graceSeconds = 5

    public init(
        connections: Int, perUser: Int, unmapped: Int, reserved: Int, idleSeconds: Int, handlingSeconds: Int
    ) {
        self.connections = connections
        self.perUser = perUser
        self.unmapped = unmapped
        self.reserved = reserved
        self.idleSeconds = idleSeconds
        self.handlingSeconds = handlingSeconds
    }
}
